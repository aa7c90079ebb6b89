using System.Globalization;
using System.Text.Json;
using OrcaSong.Configuration.Toml;
using Xunit;

namespace OrcaSong.Tests.Configuration;

/// <summary>The official suite (toml-test), the files that its list assigns to TOML 1.0.0.</summary>
public sealed class OfficialSuiteTests
{
    [Fact]
    public void ReadsEveryValidFile()
    {
        var failures = new List<string>();
        var files = Files("valid/");
        foreach (var (name, path) in files)
        {
            try
            {
                using var expected = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.ChangeExtension(path, ".json")));
                Compare(expected.RootElement, Toml.Load(path), name, failures);
            }
            catch (TomlException refused)
            {
                failures.Add($"{name}: {refused.Message}");
            }
        }

        Assert.Empty(failures);
        Assert.True(files.Count >= 200, $"only {files.Count} files in the list");
    }

    [Fact]
    public void RefusesEveryInvalidFileAtAPlaceInIt()
    {
        var failures = new List<string>();
        var files = Files("invalid/");
        foreach (var (name, path) in files)
        {
            try
            {
                failures.Add($"{name}: accepted as {Toml.Load(path)}");
            }
            catch (TomlException refused)
            {
                var lines = File.ReadAllText(path).Split('\n');
                var isInside = refused.Line >= 1 && refused.Line <= lines.Length
                    && refused.Column >= 1 && refused.Column <= lines[refused.Line - 1].Length + 1;
                if (!isInside
                    || refused.Source != path
                    || !refused.Message.StartsWith($"{path}({refused.Line},{refused.Column}): expected ", StringComparison.Ordinal))
                {
                    failures.Add($"{name}: {refused.Message}");
                }
            }
        }

        Assert.Empty(failures);
        Assert.True(files.Count >= 450, $"only {files.Count} files in the list");
    }

    [Fact]
    public void WritesEveryValidFileSoThatItReadsBackEqual()
    {
        foreach (var (name, path) in Files("valid/"))
        {
            var table = Toml.Load(path);
            Assert.True(table.Equals(Toml.Parse(Toml.Write(table), name)), name);
            Assert.True(table.Equals(Toml.Parse($"it = {table}", name)["it"]), name + " as an inline table");
        }
    }

    private static List<(string Name, string Path)> Files(string folder) =>
        [.. File.ReadLines(Shared.Path("toml-test", "files-toml-1.0.0"))
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".toml", StringComparison.Ordinal))
            .Select(name => (name, Shared.Path("toml-test", name)))];

    private static void Compare(JsonElement expected, TomlValue found, string at, List<string> failures)
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            if (found is not TomlArray array || array.Count != expected.GetArrayLength())
            {
                failures.Add($"{at}: expected an array of {expected.GetArrayLength()}, found {found}");
                return;
            }

            for (var i = 0; i < array.Count; i++)
            {
                Compare(expected[i], array[i], $"{at}[{i}]", failures);
            }
        }
        else if (expected.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
        {
            var value = expected.GetProperty("value").GetString()!;
            if (!AreSame(type.GetString()!, value, found))
            {
                failures.Add($"{at}: expected {type} {value}, found {found.TypeName} {found}");
            }
        }
        else if (found is not TomlTable table
            || !table.Keys.Order(StringComparer.Ordinal)
                .SequenceEqual(expected.EnumerateObject().Select(item => item.Name).Order(StringComparer.Ordinal)))
        {
            failures.Add($"{at}: expected {expected}, found {found}");
        }
        else
        {
            foreach (var item in expected.EnumerateObject())
            {
                Compare(item.Value, table[item.Name], $"{at}.{item.Name}", failures);
            }
        }
    }

    private static bool AreSame(string type, string value, TomlValue found)
    {
        var c = CultureInfo.InvariantCulture;
        return (type, found) switch
        {
            ("string", TomlString text) => text.Value == value,
            ("integer", TomlInteger integer) => integer.Value == long.Parse(value, c),
            ("float", TomlFloat { Value: double.NaN }) => value == "nan",
            ("float", TomlFloat { Value: double.PositiveInfinity }) => value is "inf" or "+inf",
            ("float", TomlFloat { Value: double.NegativeInfinity }) => value == "-inf",
            ("float", TomlFloat number) =>
                BitConverter.DoubleToInt64Bits(number.Value) == BitConverter.DoubleToInt64Bits(double.Parse(value, c)),
            ("bool", TomlBoolean boolean) => boolean.Value == (value == "true"),
            ("datetime", TomlOffsetDateTime moment) => moment.Value.ToDateTimeOffset() is var read
                && DateTimeOffset.Parse(value, c) is var wanted && read == wanted && read.Offset == wanted.Offset,
            ("datetime-local", TomlLocalDateTime moment) => moment.Value == DateTime.Parse(value, c),
            ("date-local", TomlLocalDate date) => date.Value == DateOnly.Parse(value, c),
            ("time-local", TomlLocalTime time) => time.Value == TimeOnly.Parse(value, c),
            _ => false,
        };
    }
}
