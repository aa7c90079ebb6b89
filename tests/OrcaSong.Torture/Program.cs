using System.Globalization;
using OrcaSong.Torture;
using OrcaSong.Torture.Fuzz;
using OrcaSong.Torture.Writing;

const int FullFuzz = 20_000;
const int Kills = 200;
const int DiskSizes = 50;
const int FilesInQueue = 1000;
const int Rounds = 100;
const int EventsInFile = 300_000;

return args switch
{
    [] => (int)Math.Min(1, (uint)(Fuzz("toml", 0, FullFuzz, 1) + Fuzz("detx", 0, FullFuzz, 1) + Load(FilesInQueue, Rounds, EventsInFile) + Fill(DiskSizes) + Kill(Kills) + Fuzz("hdf5", 0, FullFuzz, 1))),
    ["fuzz", var kind] => Fuzz(kind, 0, FullFuzz, 1),
    ["fuzz", var kind, var first, var count] => Fuzz(kind, Number(first), Number(count), 1),
    ["fuzz", var kind, var first, var count, var seed] => Fuzz(kind, Number(first), Number(count), Number(seed)),
    ["replay", var kind, var index, var seed] => Replay(kind, index, Number(seed)),
    ["make", var kind, var index, var seed, var output] => Make(kind, Number(index), Number(seed), output),
    ["kill"] => Kill(Kills),
    ["kill", var count] => Kill(Number(count)),
    ["kill", var count, var writer] => Kill(Number(count), writer),
    ["fill"] => Fill(DiskSizes),
    ["fill", var count] => Fill(Number(count)),
    ["load"] => Load(FilesInQueue, Rounds, EventsInFile),
    ["load", var files, var rounds, var events] => Load(Number(files), Number(rounds), Number(events)),
    ["fuzz-child", var kind, var seeds, var folder, var seed] => FuzzChild.Run(kind, seeds, folder, Number(seed)),
    ["write", var writer, var inputs, var outputs] => KillTest.Child(writer, inputs, outputs),
    _ => Usage(),
};

static int Fuzz(string kind, int first, int count, int seed)
{
    var report = FuzzDriver.Run(kind, first, count, seed, Environment.ProcessorCount);
    Console.Out.WriteLine(report);
    return report.Findings.Count == 0 ? 0 : 1;
}

static int Kill(int count, string? only = null) => EachWriter((writer, inputs) =>
{
    if (only is not null && writer.Name != only)
    {
        return [];
    }

    var report = KillTest.Run(writer, inputs, count, seed: 1);
    Console.Out.WriteLine(report);
    return report.Findings;
});

static int Fill(int sizes)
{
    if (FullDiskTest.Obstacle() is { } obstacle)
    {
        Console.Out.WriteLine($"full disk: skipped, as {obstacle}");
        return 0;
    }

    return EachWriter((writer, inputs) =>
    {
        var report = FullDiskTest.Run(writer, inputs, sizes);
        Console.Out.WriteLine(report);
        return report.Findings;
    });
}

static int Load(int files, int rounds, int events) => LoadTest.Run(files, rounds, events) ? 1 : 0;

static int EachWriter(Func<Writer, string, IReadOnlyList<string>> test)
{
    Environment.SetEnvironmentVariable(KillTest.EpochVariable, KillTest.Epoch);
    var inputs = Directory.CreateTempSubdirectory("orcasong-inputs-").FullName;
    try
    {
        Writer.Prepare(inputs);
        string[] findings = [.. Writer.All.SelectMany(writer => test(writer, inputs))];
        foreach (var finding in findings)
        {
            Console.Error.WriteLine(finding);
        }

        return findings.Length == 0 ? 0 : 1;
    }
    finally
    {
        Directory.Delete(inputs, recursive: true);
    }
}

static int Make(string kind, int index, int seed, string output)
{
    var seeds = Path.Combine(Path.GetTempPath(), $"orcasong-seeds-{kind}-{Environment.ProcessId}");
    try
    {
        File.WriteAllBytes(output, FuzzTarget.Open(kind, seeds, seed).Make(index));
        return 0;
    }
    finally
    {
        if (Directory.Exists(seeds))
        {
            Directory.Delete(seeds, recursive: true);
        }
    }
}

static int Replay(string kind, string index, int seed)
{
    var folder = Directory.CreateTempSubdirectory("orcasong-replay-").FullName;
    Console.SetIn(new StringReader(index));
    return FuzzChild.Run(kind, Path.Combine(folder, "seeds"), folder, seed);
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        OrcaSong.Torture                                             everything, in full: some hours
        OrcaSong.Torture fuzz hdf5|detx|toml [FIRST COUNT [SEED]]    damaged inputs, 20,000 if nothing is said
        OrcaSong.Torture replay hdf5|detx|toml INDEX SEED            uses one like it, in this process
        OrcaSong.Torture make hdf5|detx|toml INDEX SEED FILE         writes one like it
        OrcaSong.Torture kill [COUNT [WRITER]]                       kills each writer, or one, so often
        OrcaSong.Torture fill [COUNT]                                fills so many disks with each writer
        OrcaSong.Torture load [FILES ROUNDS EVENTS]                  many files, many runs, and one large file
        """);
    return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
