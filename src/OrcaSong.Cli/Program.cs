using System.CommandLine;
using System.CommandLine.Help;
using OrcaSong.Cli;

// A RootCommand would be called after the assembly, which is not what users type.
var root = new Command("orcasong", "Turns KM3NeT event files into files for deep learning.")
{
    new HelpOption(),
    new VersionOption(),
    MakeDataSplitCommand.Create(),
    RunCommand.Create(),
    CheckCommand.Create(),
    SimulateCommand.Create(),
    ConcatenateCommand.Create(),
    ShuffleCommand.CreateUniform(),
    ShuffleCommand.CreateCompatible(),
    TrainingSetCommand.Create(),
    PlotBinstatsCommand.Create(),
};

// Ctrl-C and TERM stop the run through the token that actions get; what is half done is removed before the process ends.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
