namespace OrcaSong.Output;

/// <summary>A folder that is made for an output, with those above it. Disposed, it takes away those that were made and are empty.</summary>
internal sealed class NewFolders : IDisposable
{
    private readonly Stack<string> _made = new();

    /// <summary>Makes the folders that are not there.</summary>
    /// <param name="path">Path of the innermost one.</param>
    /// <exception cref="IOException">One cannot be made.</exception>
    internal NewFolders(string path)
    {
        var missing = new Stack<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Push(folder);
        }

        try
        {
            foreach (var folder in missing)
            {
                Directory.CreateDirectory(folder);
                _made.Push(folder);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var folder in _made)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return; // what was to be made is in it
            }
        }
    }
}
