using System.Globalization;
using System.Text;

namespace OrcaSong.Torture.Fuzz;

/// <summary>What became of an operation with a damaged input.</summary>
internal enum FuzzOutcome
{
    /// <summary>It was done: the damage does no harm.</summary>
    Success,

    /// <summary>One error that names the file.</summary>
    Refused,

    /// <summary>An error of a kind that is reported, but not clear.</summary>
    Unclear,

    /// <summary>Any other exception, or something was left behind.</summary>
    Defect,

    /// <summary>It took more memory than is allowed.</summary>
    Memory,

    /// <summary>It was not done in time.</summary>
    Hang,

    /// <summary>The process ended.</summary>
    Crash,
}

/// <summary>An outcome that must not be.</summary>
internal sealed record FuzzFinding(int Index, string Operation, FuzzOutcome Outcome, string Text)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"input {Index}, {Operation}: {Outcome} {Text}");
}

/// <summary>What became of many inputs.</summary>
internal sealed class FuzzReport(string kind, Func<int, string> keep)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Operation, FuzzOutcome Outcome), int> _counts = [];
    private readonly List<FuzzFinding> _findings = [];

    internal int Inputs { get; private set; }

    internal TimeSpan Slowest { get; private set; }

    internal long MostMegabytes { get; private set; }

    internal IReadOnlyList<FuzzFinding> Findings => _findings;

    internal void Add(int index, string operation, FuzzOutcome outcome, string text, TimeSpan time)
    {
        lock (_lock)
        {
            _counts[(operation, outcome)] = _counts.GetValueOrDefault((operation, outcome)) + 1;
            Slowest = time > Slowest ? time : Slowest;
            if (outcome > FuzzOutcome.Refused)
            {
                _findings.Add(new FuzzFinding(index, operation, outcome, $"{text} (kept as {keep(index)})"));
                Console.Error.WriteLine($"{kind}: {_findings[^1]}");
            }
        }
    }

    internal void AddInput(long megabytes)
    {
        lock (_lock)
        {
            Inputs++;
            MostMegabytes = Math.Max(MostMegabytes, megabytes);
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{kind}: {Inputs} damaged inputs, {_counts.Values.Sum()} operations, {_findings.Count} findings; slowest {Slowest.TotalSeconds:0.0} s, at most {MostMegabytes} MB");
        foreach (var operation in _counts.Keys.Select(k => k.Operation).Distinct().ToArray())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {operation}: {string.Join(", ", Enum.GetValues<FuzzOutcome>().Where(o => _counts.ContainsKey((operation, o))).Select(o => $"{_counts[(operation, o)]} {Name(o)}"))}");
        }

        return text.ToString();
    }

    private static string Name(FuzzOutcome outcome) => outcome switch
    {
        FuzzOutcome.Success => "done",
        FuzzOutcome.Refused => "refused with one clear error",
        FuzzOutcome.Unclear => "refused unclearly",
        FuzzOutcome.Defect => "defects",
        FuzzOutcome.Memory => "too much memory",
        FuzzOutcome.Hang => "hangs",
        _ => "crashes",
    };
}
