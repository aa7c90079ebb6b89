namespace OrcaSong.Torture.Fuzz;

/// <summary>A kind of input that is damaged, and what is done with it. The same number and good inputs give the same damaged input.</summary>
internal abstract class FuzzTarget
{
    /// <summary>The kinds there are.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = ["hdf5", "detx", "toml"];

    /// <summary>The name of the file that is damaged; errors must name it.</summary>
    internal abstract string FileName { get; }

    /// <summary>Prepares good inputs of a kind in a folder, if they are not there yet.</summary>
    internal static FuzzTarget Open(string kind, string folder, int seed) => kind switch
    {
        "hdf5" => new Hdf5Target(folder, seed),
        "detx" => new DetxTarget(folder, seed),
        "toml" => new TomlTarget(seed),
        _ => throw new ArgumentException($"There is no fuzzing of '{kind}'; expected {string.Join(", ", Kinds)}."),
    };

    /// <summary>Makes a damaged input.</summary>
    internal abstract byte[] Make(int index);

    /// <summary>What is done with an input.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="folder">A folder for outputs.</param>
    internal abstract IEnumerable<(string Name, Action Run)> Operations(int index, string path, string folder);
}
