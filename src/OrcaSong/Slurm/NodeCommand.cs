namespace OrcaSong.Slurm;

/// <summary>The command <c>orcasong</c> that tasks run on the nodes.</summary>
internal static class NodeCommand
{
    internal const string Name = "orcasong";

    // From the folder of this assembly: beside it, in the installed module, in the checkout.
    private static readonly string[] Places = [Name, "../command/" + Name, "../out/bin/" + Name];

    /// <summary>The command of this installation, if it has one; otherwise the nodes look it up on their PATH.</summary>
    internal static string Find() => Find(Path.GetDirectoryName(typeof(NodeCommand).Assembly.Location));

    internal static string Find(string? folder) =>
        (string.IsNullOrEmpty(folder) ? [] : Places).Select(place => Path.GetFullPath(place, folder!)).FirstOrDefault(File.Exists) ?? Name;
}
