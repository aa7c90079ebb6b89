using System.CommandLine;
using OrcaSong.Cli;

// Ctrl-C and TERM stop the run through the token that actions get; what is half done is removed before the process ends.
var root = new RootCommand("Turns KM3NeT event files into files for deep learning.")
{
    RunCommand.Create(),
    SimulateCommand.Create(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
