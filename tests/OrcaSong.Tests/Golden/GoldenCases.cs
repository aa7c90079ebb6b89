using System.Text.Json;
using Xunit;

namespace OrcaSong.Tests.Golden;

/// <summary>Tests that go through some of the golden cases.</summary>
public interface IGoldenTests
{
    /// <summary>What the names of these cases begin with.</summary>
    static abstract IReadOnlyList<string> Prefixes { get; }
}

/// <summary>The configurations and command lines that stand for calls of the Python tool.</summary>
/// <typeparam name="T">The tests that they are for.</typeparam>
public sealed class GoldenCases<T> : IDisposable
    where T : IGoldenTests
{
    private readonly TempFolder _folder = new();

    public GoldenCases()
    {
        if (Shared.Folder is null || !Tool.HasPython("h5py"))
        {
            return;
        }

        var (_, error, exitCode) = Tool.PythonFile(
            Shared.Path("tools", "golden_cases.py"), [Shared.Path("golden", "manifest.json"), _folder.Path, "--only", .. T.Prefixes]);
        Assert.True(exitCode == 0, error);
        using var cases = JsonDocument.Parse(File.ReadAllText(_folder["cases.json"]));
        Cases = cases.RootElement.EnumerateArray().ToDictionary(c => c.GetProperty("case").GetString()!, c => c.Clone());
    }

    internal Dictionary<string, JsonElement> Cases { get; } = [];

    public void Dispose() => _folder.Dispose();
}
