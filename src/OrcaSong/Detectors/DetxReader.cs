using System.Collections.Immutable;
using System.Globalization;

namespace OrcaSong.Detectors;

/// <summary>
/// Reads .detx v1 to v5. The rules are those of km3pipe's <c>hardware.Detector</c>, except that it also checks: the number of modules,
/// module identifiers that occur twice, more channels than a module has, and PMT values that are not finite are errors here.
/// </summary>
internal ref struct DetxReader
{
    private const int NewestVersion = 5;
    private const string VersionsRead = "v1 to v5";

    private readonly string _source;
    private ReadOnlySpan<char> _text;
    private ReadOnlySpan<char> _line;
    private ReadOnlySpan<char> _fields;
    private int _lineNumber;
    private string _lineMeaning = "";

    internal DetxReader(string text, string source)
    {
        _text = text;
        _source = source;
    }

    internal Detector Read()
    {
        NextLine("the header 'id ndoms' (v1) or 'id vN' (v2 and later)");
        var id = Integer("the detector id");
        double? validFrom = null, validUntil = null;
        UtmReference? utm = null;
        var version = 1;
        if (StartsWithVersion())
        {
            version = Version();
            NextLine("the validity 'from until' in Unix seconds");
            validFrom = Number("the start of validity");
            validUntil = Number("the end of validity");
            NextLine("the line 'UTM ellipsoid zone easting northing z'");
            utm = Utm();
            NextLine("the number of modules");
        }

        var (doms, pmts) = Doms(version, DomCount());
        return new Detector(id, version, validFrom, validUntil, utm, doms, pmts);
    }

    /// <summary>The modules up to the end of the file. Memory grows with what is read, not with what the header promises.</summary>
    private (ImmutableArray<Dom> Doms, PmtTable Pmts) Doms(int version, long domCount)
    {
        var doms = ImmutableArray.CreateBuilder<Dom>();
        var withPmts = new List<(Dom Dom, Pmt[] Pmts)>();
        var lineOfDom = new Dictionary<int, int>();
        var runningFloor = 0;
        while (TryNextLine(DomLine(version)))
        {
            if (doms.Count == domCount)
            {
                throw Unexpected($"the end of the file after the {domCount} modules that the header gives", Quote(_fields));
            }

            var dom = ReadDom(version, withPmts.Count * PmtTable.ChannelsPerDom);
            if (!lineOfDom.TryAdd(dom.Id, _lineNumber))
            {
                throw Unexpected("a module that has not occurred before", $"module {dom.Id} again, first in line {lineOfDom[dom.Id]}");
            }

            // Some conversions write floor -1 throughout; km3pipe then numbers the modules of a detection unit from 1.
            runningFloor = doms.Count > 0 && doms[^1].Du == dom.Du ? runningFloor + 1 : 1;
            dom = dom.Floor == -1 ? dom with { Floor = runningFloor } : dom;
            doms.Add(dom);
            if (dom.PmtCount > 0)
            {
                withPmts.Add((dom, ReadPmts(version, dom.PmtCount)));
            }
        }

        if (doms.Count != domCount)
        {
            throw Unexpected($"{domCount} modules as the header gives", $"the end of the file after {doms.Count}; is the file complete?");
        }

        return (doms.ToImmutable(), new PmtTable(withPmts));
    }

    private Dom ReadDom(int version, int nextRow)
    {
        var id = Integer("dom_id");
        var du = Integer("du");
        var floor = Integer("floor");
        var placement = version >= 4 ? Placement() : null;
        int? componentStatus = version >= 5 ? Integer("component_status") : null;
        var pmtCount = Integer("n_pmts");
        if (pmtCount is < 0 or > PmtTable.ChannelsPerDom)
        {
            throw Unexpected($"0 to {PmtTable.ChannelsPerDom} PMTs in a module", $"{pmtCount}");
        }

        if (version < 4)
        {
            EndOfLine(); // from v4 on further values may follow, which km3pipe too leaves unread
        }

        return new Dom
        {
            Id = id,
            Du = du,
            Floor = floor,
            PmtCount = pmtCount,
            FirstPmtRow = pmtCount == 0 ? -1 : nextRow,
            Placement = placement,
            ComponentStatus = componentStatus,
        };
    }

    private DomPlacement Placement() => new(
        new Position(Number("x"), Number("y"), Number("z")), Number("q0"), Number("qx"), Number("qy"), Number("qz"), Number("t0"));

    private Pmt[] ReadPmts(int version, int count)
    {
        var pmts = new Pmt[count];
        for (var channel = 0; channel < pmts.Length; channel++)
        {
            NextLine(PmtLine(version));
            pmts[channel] = new Pmt(
                Integer("pmt_id"),
                new Position(FiniteNumber("x"), FiniteNumber("y"), FiniteNumber("z")),
                new Position(FiniteNumber("dx"), FiniteNumber("dy"), FiniteNumber("dz")),
                FiniteNumber("t0"),
                version >= 3 && !_fields.IsEmpty ? Integer("status") : 0);
        }

        return pmts;
    }

    private static string DomLine(int version) => version switch
    {
        < 4 => "a module 'dom_id du floor n_pmts'",
        4 => "a module 'dom_id du floor x y z q0 qx qy qz t0 n_pmts'",
        _ => "a module 'dom_id du floor x y z q0 qx qy qz t0 component_status n_pmts'",
    };

    private static string PmtLine(int version) =>
        version < 3 ? "a PMT 'pmt_id x y z dx dy dz t0'" : "a PMT 'pmt_id x y z dx dy dz t0 status'";

    private readonly bool StartsWithVersion() => _fields.StartsWith("v", StringComparison.OrdinalIgnoreCase);

    private int Version()
    {
        var word = Word("the version");
        if (!int.TryParse(word[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version is < 1 or > NewestVersion)
        {
            throw Unexpected($"a .detx version that can be read ({VersionsRead})", Quote(word));
        }

        EndOfLine();
        return version;
    }

    private long DomCount()
    {
        var word = Word("the number of modules");
        if (!long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) || count < 0)
        {
            throw Unexpected($"{_lineMeaning} with a whole number of modules, 0 or more", Quote(word));
        }

        EndOfLine();
        return count;
    }

    /// <summary>The UTM reference, or null when the line is not complete: km3pipe only warns, since hits do not need it.</summary>
    private readonly UtmReference? Utm()
    {
        var words = _fields.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 6
            && TryNumber(words[3], out var easting) && TryNumber(words[4], out var northing) && TryNumber(words[5], out var z)
            ? new UtmReference(words[1], words[2], easting, northing, z)
            : null;
    }

    private int Integer(string name)
    {
        var word = Word(name);
        return int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Unexpected($"{_lineMeaning} with a 32-bit whole number as {name}", Quote(word));
    }

    private double Number(string name)
    {
        var word = Word(name);
        return TryNumber(word, out var value) ? value : throw Unexpected($"{_lineMeaning} with a number as {name}", Quote(word));
    }

    private double FiniteNumber(string name)
    {
        var value = Number(name);
        return double.IsFinite(value)
            ? value
            : throw Unexpected($"{_lineMeaning} with a finite number as {name}", value.ToString(CultureInfo.InvariantCulture));
    }

    private static bool TryNumber(ReadOnlySpan<char> word, out double value) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>Takes the next word off the line.</summary>
    private ReadOnlySpan<char> Word(string name)
    {
        if (_fields.IsEmpty)
        {
            throw Unexpected($"{_lineMeaning} with {name}", $"only {Quote(_line)}");
        }

        var length = 0;
        while (length < _fields.Length && !char.IsWhiteSpace(_fields[length]))
        {
            length++;
        }

        var word = _fields[..length];
        _fields = _fields[length..].TrimStart();
        return word;
    }

    private readonly void EndOfLine()
    {
        if (!_fields.IsEmpty)
        {
            throw Unexpected($"{_lineMeaning} and nothing more", $"{Quote(_fields)} after it");
        }
    }

    private void NextLine(string meaning)
    {
        if (!TryNextLine(meaning))
        {
            throw Unexpected(meaning, "the end of the file; is it complete?");
        }
    }

    /// <summary>Moves to the next line that is neither blank nor a comment; false at the end of the file.</summary>
    private bool TryNextLine(string meaning)
    {
        _lineMeaning = meaning;
        while (!_text.IsEmpty)
        {
            var end = _text.IndexOf('\n');
            _line = _fields = (end < 0 ? _text : _text[..end]).Trim();
            _text = end < 0 ? default : _text[(end + 1)..];
            _lineNumber++;
            if (!_fields.IsEmpty && _fields[0] != '#')
            {
                return true;
            }
        }

        _fields = default;
        return false;
    }

    private static string Quote(ReadOnlySpan<char> words) =>
        words.Length <= 60 ? $"'{words}'" : $"'{words[..60]}...'";

    private readonly DetectorFormatException Unexpected(string expected, string found) => new(_source, _lineNumber, expected, found);
}
