using OrcaSong.Hdf5;
using OrcaSong.Output;
using OrcaSong.Statistics;

namespace OrcaSong.Training;

/// <summary>How the rows of a dataset belong to events.</summary>
internal enum SampleRole
{
    /// <summary>A row for each event.</summary>
    PerEvent,

    /// <summary>Any number of rows for each event; which ones, its index says (graphs: <c>/x</c> with the attribute <c>indexed</c>).</summary>
    Indexed,

    /// <summary>Any number of rows for each event: tables of event files, and columns of such tables.</summary>
    Grouped,

    /// <summary>An index, a row (index, n_items) for each event: <c>x_indices</c> of <c>x</c>. It is written anew.</summary>
    Index,
}

/// <summary>A dataset of a file for training: a description, without its contents.</summary>
/// <param name="Name">Its path below the root of the file.</param>
/// <param name="Role">How its rows belong to events.</param>
/// <param name="Type">The type of an element; of tables, a compound.</param>
/// <param name="Shape">Its shape, rows first.</param>
/// <param name="ChunkShape">The shape of its chunks; <see langword="null"/> if it is stored in one piece.</param>
/// <param name="Filters">The filters of its chunks.</param>
/// <param name="Index">The path of what indexes it, if anything does.</param>
/// <param name="Meaning">
/// The attributes that say what the numbers mean, and must agree between files that are merged: <c>indexed</c>, <c>hit_info_0</c> ...,
/// and the TITLE of images, which names their axes.
/// </param>
internal sealed record SampleDataset(
    string Name,
    SampleRole Role,
    H5Type Type,
    IReadOnlyList<long> Shape,
    IReadOnlyList<long>? ChunkShape,
    IReadOnlyList<H5Filter> Filters,
    string? Index,
    IReadOnlyDictionary<string, string> Meaning)
{
    internal long RowCount => Shape[0];

    /// <summary>Whether more rows can be appended to it when it is written.</summary>
    internal bool CanGrow { get; init; }

    /// <summary>Whether its rows are passed on as the bins that are not zero (see <see cref="ImageRows"/>).</summary>
    internal bool IsImage { get; init; }

    /// <summary>The title that it gets, if not that of the first file.</summary>
    internal string? Title { get; init; }

    /// <summary>The table of an event file that it is, or is a column of.</summary>
    internal string? Table { get; init; }

    /// <summary>The lengths of the other axes.</summary>
    internal IEnumerable<long> RowShape => Shape.Skip(1);

    internal bool IsTable => Type.Class == H5Class.Compound;
}

/// <summary>A file for training, as far as it matters for what is made of it: a description; the file is not kept open.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="EventCount">Number of events.</param>
/// <param name="Datasets">The datasets whose rows belong to events, by name.</param>
/// <param name="UsedFiles">The files that it was merged from; empty if it was not merged, or does not say.</param>
/// <param name="BinStatistics">The statistics of its images, if any.</param>
/// <param name="Provenance">What it says about how it was made, if anything.</param>
/// <param name="Headers">Tables that belong to the file as a whole, such as <c>raw_header</c>.</param>
internal sealed record SampleFile(
    string Path,
    int EventCount,
    IReadOnlyList<SampleDataset> Datasets,
    IReadOnlyList<string> UsedFiles,
    BinStatistics? BinStatistics,
    string? Provenance,
    IReadOnlyList<string> Headers)
{
    /// <summary>The dataset that lists the files that a file was merged from.</summary>
    internal const string UsedFilesName = "used_files";

    /// <summary>The header of the simulation; empty if there is none, or it is long.</summary>
    internal IReadOnlyList<HeaderRow> RawHeader { get; init; } = [];

    internal SampleDataset? Find(string name) => Datasets.FirstOrDefault(d => d.Name == name);
}
