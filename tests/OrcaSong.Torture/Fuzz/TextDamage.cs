using System.Text;

namespace OrcaSong.Torture.Fuzz;

/// <summary>Changes to the words, lines and bytes of a text.</summary>
internal static class TextDamage
{
    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "0", "-1", "-0", "1e308", "1e309", "-1e999", "1e-400", "nan", "inf", "-inf", "NaN", "Infinity", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808",
            "18446744073709551616", "1000000000000000000", "0x10", "1_000", "1,5", "1.", ".5", "+7", "--1", "1e", "١٢", "", " ", "\t", "\n", "\r", "\r\n", "\0", "#", "v5", "v3", "UTM", "utm", "\"", "'", "\\", "[", "]",
            "[[", "]]", "{", "}", "=", ",", ".", "\"\"\"", "'''", "\uFEFF", "𝜈", "../../etc/passwd", "$(touch x)", "true", "false", "1979-05-27T07:32:00Z", "a = 1\n", "[a]\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80],
        Encoding.ASCII.GetBytes(new string('9', 400)),
        Encoding.ASCII.GetBytes(new string('[', 5000)),
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{a=", 3000))),
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a.", 3000))),
        Encoding.ASCII.GetBytes(new string('x', 100_000)),
    ];

    /// <summary>Makes one to four changes.</summary>
    internal static byte[] Of(byte[] good, Random random)
    {
        List<byte> text = [.. good];
        for (var changes = random.Next(1, 5); changes > 0 && text.Count > 0; changes--)
        {
            var (start, length) = random.Next(3) == 0 ? Line(text, random) : Word(text, random);
            switch (random.Next(10))
            {
                case < 4:
                    text.RemoveRange(start, length);
                    text.InsertRange(start, Words[random.Next(Words.Length)]);
                    break;
                case 4:
                    text.RemoveRange(start, length);
                    break;
                case 5:
                    text.InsertRange(start, text.GetRange(start, length));
                    break;
                case 6:
                    text.InsertRange(random.Next(text.Count + 1), text.GetRange(start, length));
                    break;
                case 7:
                    text[random.Next(text.Count)] ^= (byte)(1 << random.Next(8));
                    break;
                case 8:
                    text.InsertRange(random.Next(text.Count + 1), Words[random.Next(Words.Length)]);
                    break;
                default:
                    var end = random.Next(text.Count);
                    text.RemoveRange(end, random.Next(4) == 0 ? text.Count - end : Math.Min(text.Count - end, random.Next(200)));
                    break;
            }
        }

        return [.. text];
    }

    private static (int Start, int Length) Line(List<byte> text, Random random) => Between(text, random, b => b == '\n');

    private static (int Start, int Length) Word(List<byte> text, Random random) => Between(text, random, b => b is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)',' or (byte)'=');

    private static (int Start, int Length) Between(List<byte> text, Random random, Predicate<byte> isEnd)
    {
        var at = random.Next(text.Count);
        var start = at == 0 ? 0 : text.FindLastIndex(at - 1, isEnd) + 1;
        var end = text.FindIndex(at, isEnd);
        return (start, (end < 0 ? text.Count : end) - start);
    }
}
