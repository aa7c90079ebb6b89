using OrcaSong.Batch;

namespace OrcaSong.Training.Splitting;

/// <summary>What job scripts of a split are to hold beside the commands.</summary>
public sealed record JobOptions : JobResources
{
    /// <summary>Folder of a Python environment that scripts activate, or its folder bin.</summary>
    public string? VirtualEnvironment { get; init; }

    /// <summary>Whether the file that is not shuffled is deleted once it has been shuffled.</summary>
    public bool DeleteUnshuffled { get; init; }
}
