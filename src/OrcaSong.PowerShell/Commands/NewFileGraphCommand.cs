using System.Management.Automation;
using OrcaSong.Graphs;
using OrcaSong.PowerShell.Arguments;
using OrcaSong.PowerShell.Completion;
using OrcaSong.Running;

namespace OrcaSong.PowerShell.Commands;

/// <summary>Describes how events become graphs: which hits they have, with which fields.</summary>
[Cmdlet(VerbsCommon.New, "FileGraph")]
[OutputType(typeof(FileGraph))]
public sealed class NewFileGraphCommand : NewProcessorCommand
{
    /// <summary>
    /// The hit fields that the nodes have, in the order of the columns, such as <c>pos_x, pos_y, pos_z, time, dir_x, dir_y, dir_z</c>.
    /// </summary>
    /// <value>all fields that the hits have</value>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HitFieldCompleter))]
    public string[]? HitField { get; set; }

    /// <summary>
    /// The start and the end of the times of hits that are kept, in ns, both included: <c>-TimeWindow -250, 1000</c>. Normally 0 is the
    /// first triggered hit.
    /// </summary>
    /// <value>all times</value>
    [Parameter]
    [TimeWindow]
    [ValidateNotNull]
    public TimeWindow? TimeWindow { get; set; }

    /// <summary>Keep only hits that take part in a trigger.</summary>
    [Parameter]
    public SwitchParameter OnlyTriggeredHits { get; set; }

    /// <summary>
    /// The most hits of an event. Of events with more, so many are drawn at random, by the seed; they stay in their order.
    /// </summary>
    /// <value>no limit</value>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxHits { get; set; }

    /// <summary>
    /// Give every event as many rows as <c>-MaxHits</c> says, filled up with zeros, and a last column <c>is_valid</c> that is 1 for hits.
    /// The output is a dense array then: (events, hits, fields + 1).
    /// </summary>
    [Parameter]
    public SwitchParameter FixedLength { get; set; }

    private protected override int? StandardChunkSize => null;

    /// <summary>The graph that the parameters describe; for a command that has them too.</summary>
    /// <param name="fullPath">Turns paths of the session into paths of the file system.</param>
    internal FileGraph Make(Func<string, string> fullPath) => Make(Options(fullPath));

    private protected override EventProcessor Create(ProcessingOptions options) => Make(options);

    private FileGraph Make(ProcessingOptions options) => new(HitField, TimeWindow, OnlyTriggeredHits, MaxHits, FixedLength, options);
}
