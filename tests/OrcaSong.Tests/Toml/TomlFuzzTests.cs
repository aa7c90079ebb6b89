using System.Text;
using OrcaSong.Configuration.Toml;
using Xunit;

namespace OrcaSong.Tests.Configuration;

/// <summary>Whatever is done to a text, it is read or refused with a position, and what is read can be written.</summary>
public sealed class TomlFuzzTests
{
    private static readonly byte[][] Pieces =
        [.. new[]
        {
            "[", "]", "[[", "]]", "{", "}", "=", ",", ".", "\"", "'", "\"\"\"", "'''", "\\", "\\u12", "#",
            "\n", "\r", "\r\n", " ", "\t", "\0",
            "e", "_", "-", "+", "0x", "00", "inf", "nan", "true", "1979-05-27",
            "T07:32:00", ":", "Z", "a.b", "[a.b]\n", "a = 1\n", "\uFEFF", "𝜈",
        }.Select(Encoding.UTF8.GetBytes), [0xFF], [0xE2, 0x82], [0xED, 0xA0, 0x80]];

    [Fact]
    public void DamagedSampleIsReadOrRefused() => Damage(
        [
            """"
            title = "TOML" # comment
            numbers = [1, -2.5e3, 0xFF, 1_000, inf, nan]
            when = [1979-05-27T07:32:00.5-07:00, 1979-05-27 07:32:00, 1979-05-27, 07:32:00]
            text = '''
            two
            lines''' 
            more = {a.b = 1, "c d" = [{}, {e = true}]}
            [table.'sub'."more\u00e9"]
            path.to = """x\
               y"""
            [[list.of]]
            tables = 1
            [[list.of]]
            [list.of.inner]
            """"u8.ToArray(),
        ],
        count: 20_000,
        seed: 3);

    [Fact]
    public void DamagedOfficialFilesAreReadOrRefused() => Damage(
        [.. Directory.EnumerateFiles(Shared.Path("toml-test", "valid"), "*.toml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .Where(bytes => bytes.Length < 10_000)],
        count: 10_000,
        seed: 4);

    private static void Damage(IReadOnlyList<byte[]> documents, int count, int seed)
    {
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < count; i++)
        {
            List<byte> text = [.. documents[random.Next(documents.Count)]];
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                Change(text, documents, random);
            }

            byte[] bytes = [.. text];
            try
            {
                var table = Toml.Parse(bytes, "fuzz");
                Assert.True(table.Equals(Toml.Parse(Toml.Write(table))), Encoding.UTF8.GetString(bytes));
                read++;
            }
            catch (TomlException refused)
            {
                Assert.StartsWith($"fuzz({refused.Line},{refused.Column}): expected ", refused.Message, StringComparison.Ordinal);
                Assert.InRange(refused.Line, 1, bytes.Count(b => b == '\n') + 1);
                Assert.InRange(refused.Column, 1, bytes.Length + 1);
            }
        }

        // Both outcomes occur often enough for the test to mean something.
        Assert.InRange(read, count / 50, count * 9 / 10);
    }

    private static void Change(List<byte> text, IReadOnlyList<byte[]> documents, Random random)
    {
        var at = random.Next(text.Count + 1);
        var length = Math.Min(random.Next(1, 10), text.Count - at);
        switch (random.Next(6))
        {
            case 0:
                text.RemoveRange(at, length);
                break;
            case 1:
                text.InsertRange(at, text.GetRange(random.Next(text.Count - length + 1), length));
                break;
            case 2 when at < text.Count:
                text[at] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                text.RemoveRange(at, text.Count - at);
                break;
            case 4:
                var other = documents[random.Next(documents.Count)];
                text.InsertRange(at, other.Take(random.Next(other.Length + 1)));
                break;
            default:
                text.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                break;
        }
    }
}
