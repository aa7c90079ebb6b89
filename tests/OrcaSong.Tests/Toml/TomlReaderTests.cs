using System.Text;
using OrcaSong.Configuration.Toml;
using Xunit;

namespace OrcaSong.Tests.Configuration;

public sealed class TomlReaderTests
{
    [Theory]
    [InlineData("a =\n", 1, 4, "expected a value after '=', found end of line")]
    [InlineData("a = ", 1, 5, "expected a value after '=', found end of file")]
    [InlineData("a = # nothing", 1, 5, "expected a value after '=', found '#'")]
    [InlineData("x = 1\nflat = True", 2, 8, "found 'True'; write true")]
    [InlineData("flat = FALSE", 1, 8, "write false")]
    [InlineData("det_file = None", 1, 12, "found 'None'; TOML has no empty value: leave the key out")]
    [InlineData("det_file = null", 1, 12, "leave the key out")]
    [InlineData("a = [1.0, Inf]", 1, 11, "expected a value or ']' in the array, found 'Inf'; write inf")]
    [InlineData("a = -Infinity", 1, 5, "write inf")]
    [InlineData("a = NaN", 1, 5, "write nan")]
    [InlineData("mode = graph", 1, 8, "found 'graph'; a string needs quotes")]
    [InlineData("file = /data/x.detx", 1, 8, "found '/data/x.detx'; a string needs quotes")]
    [InlineData("file = 7a.h5", 1, 9, "expected the end of the number, found 'a' in '7a.h5'; a string needs quotes")]
    [InlineData("file = “x.h5”", 1, 8, "found '“' (U+201C); quote strings with \" or '")]
    [InlineData("a = (1, 2)", 1, 5, "a list is written in [brackets]")]
    [InlineData("a = .5", 1, 5, "a number needs a digit before the point")]
    [InlineData("a = -.5", 1, 5, "a number needs a digit before the point")]
    [InlineData("a = 5.", 1, 7, "expected a digit after the point, found the end of '5.'")]
    [InlineData("a = 1__0", 1, 7, "expected a digit after the underscore, found '_' in '1__0'")]
    [InlineData("a = 1e", 1, 7, "expected a digit in the exponent")]
    [InlineData("a = 007", 1, 5, "expected a number without leading zeros, found '007'; octal numbers begin with 0o")]
    [InlineData("a = 0xFG", 1, 8, "expected hexadecimal digits, found 'G' in '0xFG'")]
    [InlineData("a = 0b102", 1, 9, "expected binary digits, found '2'")]
    [InlineData("a = 0XFF", 1, 5, "expected 0x before the digits, found 0X")]
    [InlineData("a = -0xFF", 1, 5, "expected no sign")]
    [InlineData("a 1", 1, 3, "expected '=' after the key, found '1'")]
    [InlineData("a: 1", 1, 2, "expected '=' after the key, found ':'; TOML writes key = value")]
    [InlineData("a == 1", 1, 4, "expected a value after '=', found '='; one '=' is enough")]
    [InlineData("a", 1, 2, "expected '=' after the key, found end of file")]
    [InlineData("= 1", 1, 1, "expected a key, found '='")]
    [InlineData("größe = 1", 1, 3, "found 'ö' (U+00F6); a key with characters other than A-Z, a-z, 0-9, _ and - needs \"quotes\"")]
    [InlineData("a. = 1", 1, 4, "expected a key after the dot, found '='")]
    [InlineData("\"\"\"a\"\"\" = 1", 1, 1, "expected a key, found a multi-line string")]
    [InlineData("a = 1 b = 2", 1, 7, "expected end of line after the value, found 'b'")]
    [InlineData("a = 1,\nb = 2", 1, 6, "found ','; lines need no comma")]
    [InlineData("// note", 1, 1, "a comment begins with #")]
    [InlineData("a = 1 // note", 1, 7, "a comment begins with #")]
    [InlineData("a = \"x\n", 1, 7, "expected \" to close the string that begins in column 5, found end of line")]
    [InlineData("a = 'x", 1, 7, "expected ' to close the string that begins in column 5, found end of file")]
    [InlineData("a = \"\"\"x\n\ny\"\"", 3, 4, "expected \"\"\" to close the string that begins in line 1, column 5, found end of file")]
    [InlineData("a = \"C:\\data\"", 1, 8, "found 'data'; write \\\\ for a backslash, or put the string into 'single quotes'")]
    [InlineData("a = \"C:\\Users\"", 1, 10, "expected 8 hexadecimal digits after \\U, found 'sers'")]
    [InlineData("a = \"\\uD800\"", 1, 6, "expected a Unicode character (0 to D7FF or E000 to 10FFFF), found \\u with D800")]
    [InlineData("a = \"\\UFFFFFFFF\"", 1, 6, "found \\U with FFFFFFFF")]
    [InlineData("a = \"x\u0007\"", 1, 7, "expected printable characters in a string, found the control character U+0007")]
    [InlineData("# x\ry\n", 1, 4, "expected printable characters in a comment, found a carriage return without a line feed")]
    [InlineData("a = [1, 2\nb = 3", 2, 1, "expected ',' or ']' in the array that begins in line 1, column 5, found 'b'")]
    [InlineData("a = [1 2]", 1, 8, "expected ',' or ']' in the array, found '2'")]
    [InlineData("a = [1,, 2]", 1, 8, "expected a value or ']' in the array, found ','")]
    [InlineData("a = [1,\n# more\n", 3, 1, "found end of file")]
    [InlineData("a = { b = 1, }", 1, 14, "TOML 1.0 has no comma behind the last entry of an inline table")]
    [InlineData("a = { b = 1,\nc = 2 }", 1, 13, "to be closed on the same line, found end of line; use a [table] header")]
    [InlineData("a = { b = 1 c = 2 }", 1, 13, "expected ',' or '}' in the inline table, found 'c'")]
    [InlineData("[a", 1, 3, "expected ] after the table's name, found end of file")]
    [InlineData("[[a]\n", 1, 4, "expected ]] after the table's name, found ']'")]
    [InlineData("[]", 1, 2, "expected a table's name in the header, found ']'")]
    [InlineData("[a] b = 1", 1, 5, "expected end of line after the header, found 'b'")]
    [InlineData("a = 1\n\na = 2", 3, 1, "expected each key once, found 'a' again; it is the integer in line 1")]
    [InlineData("a.b = 1\n\"a\".'b' = 2", 2, 5, "found 'b' again; it is the integer in line 1")]
    [InlineData("a = 1\na.b = 2", 2, 1, "expected 'a' to be a table that can be added to, found the integer in line 1")]
    [InlineData("a = {}\na.b = 2", 2, 1, "found the table that line 1 defines as a whole")]
    [InlineData("a = []\n[[a]]", 2, 3, "found 'a' again; it is the array in line 1")]
    [InlineData("[a]\nb = 1\n[a]\nc = 2", 3, 1, "found a second [a]; the first is in line 1, put the keys there")]
    [InlineData("[a]\nb.c = 1\n[a.b]", 3, 1, "found [a.b] again, whose keys with dots begin in line 2")]
    [InlineData("[a.b]\n[a]\nb.c = 1", 3, 1, "found 'b', which has a header in line 1; put the key there")]
    [InlineData("[[a]]\n[a]", 2, 1, "expected [[a]], since line 1 makes it an array of tables, found [a]")]
    [InlineData("[a]\n[[a]]", 2, 3, "found 'a' again; it is the table in line 1")]
    [InlineData("d = 2024-13-01", 1, 10, "expected 1 to 12 for the month, found 13")]
    [InlineData("d = 2023-02-29", 1, 13, "expected 1 to 28 for the day in 2023-02, found 29")]
    [InlineData("d = 2024-1-1", 1, 11, "expected 2 digits for the month, found '-' in '2024-1-1'; a date is written 2024-05-31")]
    [InlineData("d = 2024-01-01 25:00:00", 1, 16, "expected 0 to 23 for the hour, found 25")]
    [InlineData("d = 12:30", 1, 10, "expected ':' and the seconds after the minute, found the end of '12:30'; a time is written 07:32:00")]
    [InlineData("d = 2024-01-01T00:00:00+2", 1, 26, "an offset is written +02:00")]
    [InlineData("d = 0000-01-01", 1, 5, "expected 1 to 9999 for the year")]
    [InlineData("a = 1\uFEFF", 1, 6, "found the character U+FEFF")]
    [InlineData("s = \"𝜈𝜈\" x", 1, 10, "found 'x'")]
    public void SaysWhereAndWhatIsWrong(string text, int line, int column, string message)
    {
        var refused = Assert.Throws<TomlException>(() => Toml.Parse(text, "config.toml"));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith($"config.toml({line},{column}): expected ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("config.toml", line, column), (refused.Source, refused.Line, refused.Column));
    }

    [Fact]
    public void RefusesHalfASurrogatePair()
    {
        Assert.Contains("half a surrogate pair, U+D83D", Refused("a = \"x\uD83Dy\"", 1, 7), StringComparison.Ordinal);
        Assert.Contains("half a surrogate pair, U+DC00", Refused("a = 1 # x\uDC00", 1, 10), StringComparison.Ordinal);
        Assert.Contains("half a surrogate pair, U+D83D", Refused("a = \uD83D", 1, 5), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("0x8000000000000000")]
    [InlineData("0o1000000000000000000000")]
    [InlineData("0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    public void RefusesNumbersThatDoNotFit(string number) =>
        Assert.Contains($"found '{number}'", Refused($"[a]\nb = [ {number} ]", 2, 7), StringComparison.Ordinal);

    [Fact]
    public void ReadsTheLargestIntegersAndManyDigits()
    {
        var table = Toml.Parse(
            $"""
            most = 9223372036854775807
            least = -9223372036854775808
            hex = 0x7fff_ffff_ffff_ffff
            octal = 0o777777777777777777777
            zeros = 0b{new string('0', 1000)}1
            precise = 0.1000000000000000055511151231257827{new string('0', 10_000)}
            """);

        Assert.All(["most", "hex", "octal"], key => Assert.Equal(new TomlInteger(long.MaxValue), table[key]));
        Assert.Equal(new TomlInteger(long.MinValue), table["least"]);
        Assert.Equal(new TomlInteger(1), table["zeros"]);
        Assert.Equal(new TomlFloat(0.1), table["precise"]);
        Assert.Throws<TomlException>(() => Toml.Parse("a = " + new string('9', 100_000)));
    }

    [Fact]
    public void KeepsOrderAndPositions()
    {
        var table = Toml.Parse(
            """
            z = 1
            b.y = [ 1,
              "two" ]

            [a.c]   # implies a
            𝜈 = { k = 2.5 }
            """.Replace("𝜈", "\"𝜈\"", StringComparison.Ordinal));

        Assert.Equal(["z", "b", "a"], table.Keys);
        Assert.Equal(new TomlPosition(2, 1), table.KeyPosition("b"));
        var b = (TomlTable)table["b"];
        Assert.Equal(new TomlPosition(2, 3), b.KeyPosition("y"));
        Assert.Equal((2, 7), (b["y"].Line, b["y"].Column));
        Assert.Equal((3, 3), (((TomlArray)b["y"])[1].Line, ((TomlArray)b["y"])[1].Column));
        Assert.Equal(new TomlPosition(5, 2), table.KeyPosition("a"));
        var c = (TomlTable)((TomlTable)table["a"])["c"];
        Assert.Equal(new TomlPosition(5, 1), c.Position);
        Assert.Equal(new TomlPosition(6, 7), c["𝜈"].Position);
        Assert.Equal("{ k = 2.5 }", c["𝜈"].ToString());
        Assert.Equal("table", c["𝜈"].TypeName);
    }

    [Theory]
    [InlineData("1979-05-27T07:32:00.1234567899Z", "1979-05-27T07:32:00.1234567Z")]
    [InlineData("0001-01-01 00:00:00+23:59", "0001-01-01T00:00:00+23:59")]
    [InlineData("1979-05-27t00:32:00.5-07:30", "1979-05-27T00:32:00.5-07:30")]
    [InlineData("2000-02-29 23:59:59", "2000-02-29T23:59:59")]
    [InlineData("9999-12-31", "9999-12-31")]
    [InlineData("00:00:00.000", "00:00:00")]
    public void ReadsDatesAsTheyAreWritten(string written, string canonical)
    {
        var table = Toml.Parse($"d = {written}");
        Assert.Equal(canonical, table["d"].ToString());
        Assert.Equal<TomlValue>(table, Toml.Parse(Toml.Write(table)));
    }

    [Theory]
    [InlineData("a = ", "[", "", "]")]
    [InlineData("a = ", "{a=", "1", "}")]
    [InlineData("", "a.", "a = 1", "")]
    [InlineData("[", "a.", "a]", "")]
    [InlineData("[[", "a.", "a]]", "")]
    [InlineData("a = {", "a.", "a = 1", "}")]
    public void RefusesDeepNestingBeforeTheStackOverflows(string before, string nested, string inside, string after)
    {
        string Text(int depth) => before
            + new StringBuilder().Insert(0, nested, depth)
            + inside
            + (after.Length == 0 || nested == "a." ? after : new string(after[0], depth));

        var refused = Assert.Throws<TomlException>(() => Toml.Parse(Text(300_000)));
        Assert.Contains("128 deep", refused.Message, StringComparison.Ordinal);

        var deep = Toml.Parse(Text(Toml.MaxDepth - 3));
        Assert.Equal<TomlValue>(deep, Toml.Parse(Toml.Write(deep)));
        Assert.Equal(deep.GetHashCode(), Toml.Parse(Toml.Write(deep)).GetHashCode());
    }

    [Fact]
    public void ReadsALineOfMegabytesInReasonableTime()
    {
        var table = Toml.Parse("a = [" + string.Concat(Enumerable.Repeat("1,", 1_000_000)) + "]");
        Assert.Equal(1_000_000, ((TomlArray)table["a"]).Count);
        var refused = Assert.Throws<TomlException>(() => Toml.Parse(new string(' ', Toml.MaxLength + 1), "big.toml"));
        Assert.Equal("big.toml(1,1): expected a configuration of at most 4 MiB, found more; is it the right file?", refused.Message);
    }

    [Fact]
    public void LoadsUtf8AndNothingElse()
    {
        var path = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. "n = 'ν'\r\n"u8]);
            var table = Toml.Load(path);
            Assert.Equal(new TomlString("ν"), table["n"]);
            Assert.Equal(new TomlPosition(1, 1), table.KeyPosition("n"));

            File.WriteAllBytes(path, [.. "a = 1\n# ν"u8, 0xE9, .. " x"u8]);
            var refused = Assert.Throws<TomlException>(() => Toml.Load(path));
            Assert.StartsWith($"{path}(2,4): expected UTF-8, found the byte 0xE9 at offset 10", refused.Message, StringComparison.Ordinal);

            File.WriteAllBytes(path, [.. "a = 'x"u8, 0xE2, 0x82]);
            refused = Assert.Throws<TomlException>(() => Toml.Load(path));
            Assert.Equal((1, 7), (refused.Line, refused.Column));

            File.WriteAllText(path, "a = 1", Encoding.Unicode);
            refused = Assert.Throws<TomlException>(() => Toml.Load(path));
            Assert.Equal($"{path}(1,1): expected UTF-8, found UTF-16; save the file as UTF-8", refused.Message);

            File.WriteAllBytes(path, new byte[Toml.MaxLength + 1]);
            refused = Assert.Throws<TomlException>(() => Toml.Load(path));
            Assert.Contains("4 MiB", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => Toml.Load(path));
    }

    private static string Refused(string text, int line, int column)
    {
        var refused = Assert.Throws<TomlException>(() => Toml.Parse(text));
        Assert.Equal((line, column), (refused.Line, refused.Column));
        Assert.Null(refused.Source);
        return refused.Message;
    }
}
