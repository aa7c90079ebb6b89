using OrcaSong.Hdf5;

namespace OrcaSong.Output;

/// <summary>
/// A new file in the layout that PyTables and km3pipe write, under a temporary name in the target's folder until
/// <see cref="Complete"/> gives it its own. Disposed before that, it leaves nothing behind.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    internal const string TemporarySuffix = ".partial";
    private static int _started;
    private readonly string _temporary;
    private readonly string _target;
    private readonly int _level;
    private readonly List<IOutputPart> _parts = [];
    private bool _complete;

    /// <summary>Starts a file.</summary>
    /// <param name="target">Path of the finished file; its folder exists.</param>
    /// <param name="workers">Runs the encoding of chunks.</param>
    /// <param name="ahead">How many workers this file may keep busy, which bounds the chunks under way.</param>
    /// <param name="level">DEFLATE level; 0 stores chunks as they are.</param>
    internal OutputFile(string target, TaskFactory workers, int ahead, int level)
        : this(target, workers, ahead, level, null)
    {
    }

    /// <summary>Starts a file that is made of others.</summary>
    /// <param name="target">Path of the finished file; its folder exists.</param>
    /// <param name="workers">Runs the encoding of chunks.</param>
    /// <param name="ahead">How many workers this file may keep busy.</param>
    /// <param name="rootAttributes">The attributes of another file's root, which it gets instead of those of a new file.</param>
    internal OutputFile(string target, TaskFactory workers, int ahead, H5Attributes rootAttributes)
        : this(target, workers, ahead, 0, rootAttributes)
    {
    }

    private OutputFile(string target, TaskFactory workers, int ahead, int level, H5Attributes? rootAttributes)
    {
        _target = Path.GetFullPath(target);
        _temporary = TemporaryName(target);
        _level = level;

        // With 8 for each worker, workers waited for the writer ten times as often, and merging graphs was a tenth slower.
        Chunks = new ChunkQueue(workers, 32 * (ahead + 1));
        try
        {
            File = H5File.Create(_temporary, overwrite: true);
            if (rootAttributes is null)
            {
                Describe(File.Root, "KM3NeT");
                File.Root.Attributes.WriteFixedString("PYTABLES_FORMAT_VERSION", "2.1", H5Charset.Utf8);
                File.Root.Attributes.WriteFixedString("format_version", "5.1", H5Charset.Ascii);
            }
            else
            {
                foreach (var name in rootAttributes.Names)
                {
                    rootAttributes.CopyTo(name, File.Root.Attributes);
                }
            }
        }
        catch (H5Exception e)
        {
            Discard();
            throw Failure(e);
        }
    }

    /// <summary>A path beside a target that no file has yet, for what is on its way there.</summary>
    /// <param name="target">Path of the finished file.</param>
    /// <param name="what">What it is to hold, if not the target itself.</param>
    internal static string TemporaryName(string target, string what = "") =>
        $"{Path.GetFullPath(target)}.{what}{Environment.ProcessId}-{Interlocked.Increment(ref _started)}{TemporarySuffix}";

    internal H5File File { get; }

    internal ChunkQueue Chunks { get; }

    /// <summary>An error of the library as one of this file: under the name that it was to get, and with what to do.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The error to report; the same one when it is about another file.</returns>
    internal IOException Failure(H5Exception error) => error.FilePath == _temporary
        ? CannotWrite(_target, error.Reason, error)
        : error;

    /// <summary>The error for an output that cannot be written.</summary>
    internal static IOException CannotWrite(string target, string reason, Exception? error) =>
        new($"The output '{target}' cannot be written: {reason.TrimEnd('.')}. Is there room on the disk, and may you write to that folder?", error);

    /// <summary>The filters of PyTables for elements of that size: fletcher32, shuffle, deflate.</summary>
    internal IReadOnlyList<H5Filter> Filters(int elementBytes) => _level == 0
        ? [H5Filter.Fletcher32]
        : [H5Filter.Fletcher32, H5Filter.Shuffle(elementBytes), H5Filter.Deflate(_level)];

    /// <summary>Adds a table, a compound dataset that grows.</summary>
    /// <param name="path">Path in the file; missing groups are made.</param>
    /// <param name="title">Title, which km3pipe also keeps as the attribute <c>datatype</c>.</param>
    /// <param name="columns">Names and types of the columns.</param>
    /// <param name="chunkRows">Rows in a chunk; <see langword="null"/> for PyTables' choice.</param>
    internal RowWriter AddTable(string path, string title, IReadOnlyList<(string Name, H5Type Type)> columns, int? chunkRows = null) =>
        Add(RowWriter.Table(this, path, title, columns, chunkRows));

    /// <summary>Adds an array of numbers that grows along its first axis.</summary>
    /// <param name="path">Path in the file; missing groups are made.</param>
    /// <param name="title">Title.</param>
    /// <param name="type">Type of an element.</param>
    /// <param name="rowShape">Lengths of the other axes.</param>
    /// <param name="chunkRows">Rows in a chunk; <see langword="null"/> for PyTables' choice.</param>
    internal RowWriter AddArray(string path, string title, H5Type type, IReadOnlyList<int> rowShape, int? chunkRows = null) =>
        Add(RowWriter.Array(this, path, title, type, rowShape, chunkRows));

    /// <summary>The group at a path, made as PyTables makes one if it is not there.</summary>
    internal H5Group Group(string path, string title = "")
    {
        var group = File.Root;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (group.Contains(name))
            {
                group = group.OpenGroup(name);
            }
            else
            {
                group = group.CreateGroup(name);
                Describe(group, title);
            }
        }

        return group;
    }

    /// <summary>
    /// Writes all chunks that are left. What is added to the file afterwards has the same place whatever the number of threads; while
    /// chunks are under way it would not.
    /// </summary>
    internal void WriteChunks()
    {
        foreach (var part in _parts)
        {
            part.Finish();
        }

        Chunks.Flush();
        foreach (var part in _parts)
        {
            part.Complete();
        }
    }

    /// <summary>Gives the file its name; all chunks are written.</summary>
    internal void Complete()
    {
        Close();
        Publish();
    }

    /// <summary>
    /// Closes the file under its temporary name; all chunks are written. It is on the disk then, and was found to be whole: one that had its name, but not
    /// yet its contents, would be taken for whole after a power cut.
    /// </summary>
    internal void Close()
    {
        (string, long)[] datasets = [.. _parts.Select(p => (p.Path, p.RowCount))];
        var hasProvenance = File.Root.Contains(Provenance.DatasetName);
        foreach (var part in _parts)
        {
            part.Dispose();
        }

        File.Flush();
        File.Dispose();
        try
        {
            Disk.Flush(_temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(_target, e is FileNotFoundException or DirectoryNotFoundException ? "it was removed while it was written" : e.Message, e);
        }

        Check(datasets, hasProvenance);
    }

    /// <summary>Gives the closed file its name.</summary>
    /// <exception cref="IOException">It cannot have it.</exception>
    internal void Publish()
    {
        try
        {
            System.IO.File.Move(_temporary, _target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(_target, e.Message, e);
        }

        _complete = true;
        Disk.FlushEntries(Path.GetDirectoryName(_target)!);
    }

    /// <summary>
    /// Opens the closed file again: a disk or network folder that loses what it was given is noticed before the file has its name. Contents are not
    /// inflated; the library compares the file's length to what it was when it was closed.
    /// </summary>
    /// <param name="datasets">Paths and rows of the datasets that it has.</param>
    /// <param name="hasProvenance">Whether it says where it comes from, at its end.</param>
    /// <exception cref="IOException">It is not what was written.</exception>
    internal void Check(IReadOnlyList<(string Path, long Rows)> datasets, bool hasProvenance)
    {
        using var file = H5File.OpenRead(_temporary);
        foreach (var (path, rows) in datasets)
        {
            using var dataset = file.Root.OpenDataset(path);
            if (dataset.Length != rows)
            {
                throw CannotWrite(_target, $"{dataset.Length} of the {rows} rows of {path} were found when it was read back", null);
            }
        }

        if (hasProvenance)
        {
            using var provenance = file.Root.OpenDataset(Provenance.DatasetName);
            if (!provenance.ReadStrings().Single().EndsWith('}'))
            {
                throw CannotWrite(_target, "its end was not there when it was read back", null);
            }
        }
    }

    public void Dispose()
    {
        Chunks.Dispose();
        if (!_complete)
        {
            Discard();
        }
    }

    /// <summary>Adds a dataset, which is finished and closed with the file.</summary>
    internal T Add<T>(T part)
        where T : IOutputPart
    {
        _parts.Add(part);
        return part;
    }

    private void Discard()
    {
        File?.Abandon();
        foreach (var part in _parts)
        {
            part.Dispose();
        }

        Disk.Remove(_temporary);
    }

    private static void Describe(H5Group group, string title)
    {
        group.Attributes.WriteFixedString("CLASS", "GROUP", H5Charset.Utf8);
        group.Attributes.WriteFixedString("TITLE", title, H5Charset.Utf8);
        group.Attributes.WriteFixedString("VERSION", "1.0", H5Charset.Utf8);
    }
}
