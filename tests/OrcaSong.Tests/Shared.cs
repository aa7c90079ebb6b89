using Xunit;

namespace OrcaSong.Tests;

/// <summary>The folder of test data beside the checkout, which not every machine has.</summary>
internal static class Shared
{
    /// <summary>The folder, or <see langword="null"/> where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>A path in the folder; skips the test where the folder is absent.</summary>
    public static string Path(params string[] parts)
    {
        if (Folder is null)
        {
            Assert.Skip("../shared is absent");
        }

        return System.IO.Path.Combine([Folder, .. parts]);
    }

    private static string? Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "OrcaSong.slnx")))
        {
            root = root.Parent;
        }

        var shared = System.IO.Path.Combine(root?.Parent?.FullName ?? "", "shared");
        return root is not null && Directory.Exists(shared) ? shared : null;
    }
}
