namespace OrcaSong.Hdf5;

/// <summary>A group or a dataset of an open file.</summary>
public abstract class H5Object
{
    private protected H5Object(H5File file, string path)
    {
        File = file;
        Path = path;
        Attributes = new H5Attributes(this);
    }

    /// <summary>Absolute path in the file, such as <c>/hits/time</c>; it is the way taken, so one object may have several.</summary>
    public string Path { get; }

    /// <summary>The file that it is in.</summary>
    public H5File File { get; }

    /// <summary>Its attributes.</summary>
    public H5Attributes Attributes { get; }

    /// <inheritdoc/>
    public override string ToString() => Path;

    internal Call Call(string operation) => new(operation, File.Path, Path);
}
