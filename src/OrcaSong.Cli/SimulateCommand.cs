using System.CommandLine;
using System.Globalization;
using OrcaSong.Simulation;

namespace OrcaSong.Cli;

/// <summary><c>orcasong simulate OUTFILE [--events N] ...</c></summary>
internal static class SimulateCommand
{
    internal static Command Create()
    {
        var standard = new SimulationOptions();
        var outfile = new Argument<string>("outfile") { Description = "The event file to make; the detector file gets the same name with .detx." };
        var events = new Option<long>("--events", "-n") { Description = "Number of events.", DefaultValueFactory = _ => standard.Events };
        var kind = new Option<SimulatedEventKind>("--kind") { Description = "Muon, Neutrino or Noise.", DefaultValueFactory = _ => standard.Kind };
        var hits = new Option<double>("--hits") { Description = "Mean number of hits of an event.", DefaultValueFactory = _ => standard.HitsPerEvent };
        var units = new Option<int>("--units") { Description = "Detection units of the detector.", DefaultValueFactory = _ => standard.DetectionUnits };
        var floors = new Option<int>("--floors") { Description = "Floors of a detection unit.", DefaultValueFactory = _ => standard.FloorsPerUnit };
        var seed = new Option<long>("--seed") { Description = "Seed of everything random.", DefaultValueFactory = _ => standard.Seed };
        var run = new Option<int>("--run") { Description = "Run number.", DefaultValueFactory = _ => standard.RunId };
        var calibrated = new Option<bool>("--calibrated") { Description = "Write calibrated hits, with positions and directions." };
        var level = new Option<int>("--complevel") { Description = "DEFLATE level, 0 to 9.", DefaultValueFactory = _ => 1 };
        var threads = new Option<int?>("--threads", "-t") { Description = "Worker threads; by default one for each core." };
        var noOverwrite = new Option<bool>("--no-overwrite") { Description = "Do not replace existing files." };
        var command = new Command("simulate", "Simulates a run of a small detector: an event file and its detector file.")
        {
            outfile, events, kind, hits, units, floors, seed, run, calibrated, level, threads, noOverwrite,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Failures.Report(() =>
            {
                var options = new SimulationOptions
                {
                    Events = parsed.GetValue(events),
                    Kind = parsed.GetValue(kind),
                    HitsPerEvent = parsed.GetValue(hits),
                    DetectionUnits = parsed.GetValue(units),
                    FloorsPerUnit = parsed.GetValue(floors),
                    Seed = parsed.GetValue(seed),
                    RunId = parsed.GetValue(run),
                    Calibrated = parsed.GetValue(calibrated),
                };
                using var progress = new ProgressLine();
                var made = SimulatedRun.Write(
                    options, parsed.GetRequiredValue(outfile), null, !parsed.GetValue(noOverwrite), parsed.GetValue(level), parsed.GetValue(threads), progress.Progress, cancellation);
                progress.Dispose();
                foreach (var warning in made.Warnings)
                {
                    Console.Error.WriteLine($"orcasong: warning: {warning}");
                }

                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{made.Path}: {made.Events} events, {made.Hits} hits; {made.DetectorFile}; {made.Elapsed.TotalSeconds:0.00} s"));
            }),
            CancellationToken.None));
        return command;
    }
}
