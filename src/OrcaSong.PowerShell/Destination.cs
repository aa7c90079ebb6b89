namespace OrcaSong.PowerShell;

/// <summary>Where outputs are to go: into a folder, each with a name of its own, or all to one file.</summary>
internal readonly record struct Destination
{
    private Destination(string path, bool isFile) => (Path, IsFile) = (path, isFile);

    /// <summary>Full path of the folder or the file.</summary>
    internal string Path { get; }

    /// <summary>Whether it is one file.</summary>
    internal bool IsFile { get; }

    /// <summary>
    /// Reads what the user wrote: an existing folder, or a name that ends in a slash, is a folder; a name that ends in .h5 or .hdf5 is
    /// a file; any other name is a folder that is still to be made.
    /// </summary>
    /// <param name="written">As it was written.</param>
    /// <param name="path">The same as a path of the file system.</param>
    internal static Destination Of(string written, string path)
    {
        var isFolder = Directory.Exists(path) || written.EndsWith('/') || written.EndsWith('\\');
        var isNamedAsFile = path.EndsWith(".h5", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase);
        return new Destination(path, !isFolder && isNamedAsFile);
    }

    /// <summary>The output for an input.</summary>
    /// <param name="input">Path of the input.</param>
    /// <param name="suffix">What follows the input's name in the output's.</param>
    internal string OutputFor(string input, string suffix) =>
        IsFile ? Path : System.IO.Path.Combine(Path, $"{System.IO.Path.GetFileNameWithoutExtension(input)}{suffix}.h5");

    /// <summary>Makes the folder, if it is one and is not there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal void MakeFolder()
    {
        if (!IsFile)
        {
            Directory.CreateDirectory(Path);
        }
    }
}
