using System.Management.Automation;
using OrcaSong.Graphs;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary><c>New-FileGraph</c>: how events become graphs.</summary>
[Cmdlet(VerbsCommon.New, "FileGraph")]
[OutputType(typeof(FileGraph))]
public sealed class NewFileGraphCommand : NewProcessorCommand
{
    /// <summary>Hit fields in the order of the columns; all by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HitFieldCompleter))]
    public string[]? HitField { get; set; }

    /// <summary>Start and end of the times of hits that are kept, ns.</summary>
    [Parameter]
    [TimeWindow]
    [ValidateNotNull]
    public TimeWindow? TimeWindow { get; set; }

    /// <summary>Keep triggered hits only.</summary>
    [Parameter]
    public SwitchParameter OnlyTriggeredHits { get; set; }

    /// <summary>Of events with more hits than this, so many are drawn at random.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxHits { get; set; }

    /// <summary>Give every event as many rows as <see cref="MaxHits"/> says.</summary>
    [Parameter]
    public SwitchParameter FixedLength { get; set; }

    private protected override int? StandardChunkSize => null;

    /// <summary>The graph that the parameters describe; for a command that has them too.</summary>
    /// <param name="fullPath">Turns paths of the session into paths of the file system.</param>
    internal FileGraph Make(Func<string, string> fullPath) => Make(Options(fullPath));

    private protected override EventProcessor Create(ProcessingOptions options) => Make(options);

    private FileGraph Make(ProcessingOptions options) => new(HitField, TimeWindow, OnlyTriggeredHits, MaxHits, FixedLength, options);
}
