using Xunit;

namespace OrcaSong.Tests;

/// <summary>The folder of reference files beside the checkout.</summary>
internal static class Shared
{
    /// <summary>The path of something in it; skips the test where the folder is absent.</summary>
    public static string Path(params string[] parts)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "OrcaSong.slnx")))
        {
            root = root.Parent;
        }

        var shared = System.IO.Path.Combine(root?.Parent?.FullName ?? string.Empty, "shared");
        if (!Directory.Exists(shared))
        {
            Assert.Skip("../shared is absent");
        }

        return System.IO.Path.Combine([shared, .. parts]);
    }
}
