using System.Numerics;
using OrcaSong.Numerics;

namespace OrcaSong.Detectors;

/// <summary>
/// All PMTs of a detector, a column for each quantity, and the look-up from the identifiers of hits to rows.
/// </summary>
/// <remarks>
/// Each module with PMTs takes <see cref="ChannelsPerDom"/> consecutive rows, so that a hit's row is the module's first row plus its
/// channel. Rows of channels that the file does not list hold zeros in all columns: hits on them calibrate to zeros, as with
/// km3pipe. Modules without PMTs have no rows, and hits of them are hits of an unknown module.
/// </remarks>
public sealed class PmtTable
{
    /// <summary>How many channels a module has: 31, numbered from 0.</summary>
    public const int ChannelsPerDom = 31;

    private readonly double[] _posX;
    private readonly double[] _posY;
    private readonly double[] _posZ;
    private readonly double[] _dirX;
    private readonly double[] _dirY;
    private readonly double[] _dirZ;
    private readonly double[] _t0;
    private readonly byte[] _du;
    private readonly byte[] _floor;
    private readonly int[] _pmtId;
    private readonly int[] _domId;
    private readonly int[] _channelId;
    private readonly int[] _status;
    private readonly IdIndex _doms;
    private readonly IdIndex _pmts;

    /// <param name="modules">The modules with PMTs, in the order of their rows.</param>
    internal PmtTable(IReadOnlyList<(Dom Dom, Pmt[] Pmts)> modules)
    {
        var rows = modules.Count * ChannelsPerDom;
        _posX = new double[rows];
        _posY = new double[rows];
        _posZ = new double[rows];
        _dirX = new double[rows];
        _dirY = new double[rows];
        _dirZ = new double[rows];
        _t0 = new double[rows];
        _du = new byte[rows];
        _floor = new byte[rows];
        _pmtId = new int[rows];
        _domId = new int[rows];
        _channelId = new int[rows];
        _status = new int[rows];
        _doms = new IdIndex(modules.Count, slotsPerId: 8);
        _pmts = new IdIndex(rows, slotsPerId: 2); // MC hits are few, and eight slots for each PMT of ARCA would be megabytes
        foreach (var (dom, list) in modules)
        {
            _doms.Set(dom.Id, dom.FirstPmtRow);
            for (var channel = 0; channel < list.Length; channel++)
            {
                Fill(dom.FirstPmtRow + channel, dom, channel, list[channel]);
            }
        }
    }

    private PmtTable(PmtTable original, Position shift)
    {
        _posX = Array.ConvertAll(original._posX, x => x + shift.X);
        _posY = Array.ConvertAll(original._posY, y => y + shift.Y);
        _posZ = Array.ConvertAll(original._posZ, z => z + shift.Z);
        _dirX = original._dirX;
        _dirY = original._dirY;
        _dirZ = original._dirZ;
        _t0 = original._t0;
        _du = original._du;
        _floor = original._floor;
        _pmtId = original._pmtId;
        _domId = original._domId;
        _channelId = original._channelId;
        _status = original._status;
        _doms = original._doms;
        _pmts = original._pmts;
    }

    /// <summary>How many rows there are, those of zeros included.</summary>
    public int RowCount => _t0.Length;

    /// <summary>PMT positions, x, m.</summary>
    public ReadOnlySpan<double> PosX => _posX;

    /// <summary>PMT positions, y, m.</summary>
    public ReadOnlySpan<double> PosY => _posY;

    /// <summary>PMT positions, z, m.</summary>
    public ReadOnlySpan<double> PosZ => _posZ;

    /// <summary>PMT directions, x.</summary>
    public ReadOnlySpan<double> DirX => _dirX;

    /// <summary>PMT directions, y.</summary>
    public ReadOnlySpan<double> DirY => _dirY;

    /// <summary>PMT directions, z.</summary>
    public ReadOnlySpan<double> DirZ => _dirZ;

    /// <summary>PMT time offsets, ns.</summary>
    public ReadOnlySpan<double> T0 => _t0;

    /// <summary>Detection units; the low eight bits, as km3pipe's uint8 column.</summary>
    public ReadOnlySpan<byte> Du => _du;

    /// <summary>Floors; the low eight bits, as km3pipe's uint8 column.</summary>
    public ReadOnlySpan<byte> Floor => _floor;

    /// <summary>PMT identifiers.</summary>
    public ReadOnlySpan<int> PmtId => _pmtId;

    /// <summary>Identifiers of the modules that the PMTs are in.</summary>
    public ReadOnlySpan<int> DomId => _domId;

    /// <summary>Channels: the running index of a PMT within its module.</summary>
    public ReadOnlySpan<int> ChannelId => _channelId;

    /// <summary>PMT status bits (.detx v3 and later; 0 before).</summary>
    public ReadOnlySpan<int> Status => _status;

    /// <summary>The value of a column for each hit.</summary>
    /// <param name="column">One of this table's columns.</param>
    /// <param name="rows">A row for each hit.</param>
    /// <param name="values">Takes a value for each hit.</param>
    public static void Gather<T>(ReadOnlySpan<T> column, ReadOnlySpan<int> rows, Span<T> values)
    {
        ColumnLengths.RequireEqual(rows.Length, values.Length, nameof(values));
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = column[rows[i]];
        }
    }

    /// <summary>The row of channel 0 of a module, or -1 when the detector has no such module, or it has no PMTs.</summary>
    public int FindDom(long _domId) => _doms.Find(_domId);

    /// <summary>
    /// The row of a PMT, or -1 when the detector has no such PMT. Where two PMTs share an identifier, the later one counts, as with km3pipe.
    /// </summary>
    public int FindPmt(long _pmtId) => _pmts.Find(_pmtId);

    /// <summary>
    /// The first rows of the hits' modules; <see cref="AddChannels"/> then makes them the rows of the hits' PMTs.
    /// </summary>
    /// <param name="domIds">The module of each hit.</param>
    /// <param name="rows">Takes a row for each hit.</param>
    /// <returns>The index of the first hit of an unknown module, where the look-up stopped; -1 when all are known.</returns>
    public int FindDoms<T>(ReadOnlySpan<T> domIds, Span<int> rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        ColumnLengths.RequireEqual(domIds.Length, rows.Length, nameof(rows));
        var previous = default(T);
        var row = -1;
        for (var i = 0; i < domIds.Length; i++)
        {
            // In most files 40 to 60 % of the hits have the module of the hit before.
            if (row < 0 || domIds[i] != previous)
            {
                previous = domIds[i];
                row = _doms.Find(long.CreateTruncating(previous));
                if (row < 0)
                {
                    return i;
                }
            }

            rows[i] = row;
        }

        return -1;
    }

    /// <summary>Adds the hits' channels to the rows that <see cref="FindDoms"/> found.</summary>
    /// <param name="channels">The channel of each hit.</param>
    /// <param name="rows">The first row of each hit's module; becomes the row of its PMT.</param>
    /// <returns>
    /// The index of the first hit with a channel outside 0 to 30, where the adding stopped; -1 when there is none. (km3pipe reads memory
    /// out of bounds there.)
    /// </returns>
    public static int AddChannels<T>(ReadOnlySpan<T> channels, Span<int> rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        ColumnLengths.RequireEqual(channels.Length, rows.Length, nameof(rows));
        for (var i = 0; i < channels.Length; i++)
        {
            var channel = ulong.CreateTruncating(channels[i]); // a negative one becomes huge
            if (channel >= ChannelsPerDom)
            {
                return i;
            }

            rows[i] += (int)channel;
        }

        return -1;
    }

    /// <summary>The rows of the PMTs of MC hits.</summary>
    /// <param name="pmtIds">The PMT of each MC hit.</param>
    /// <param name="rows">Takes a row for each MC hit.</param>
    /// <returns>The index of the first MC hit of an unknown PMT, where the look-up stopped; -1 when all are known.</returns>
    public int FindPmts<T>(ReadOnlySpan<T> pmtIds, Span<int> rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        ColumnLengths.RequireEqual(pmtIds.Length, rows.Length, nameof(rows));
        for (var i = 0; i < pmtIds.Length; i++)
        {
            var row = _pmts.Find(long.CreateTruncating(pmtIds[i]));
            if (row < 0)
            {
                return i;
            }

            rows[i] = row;
        }

        return -1;
    }

    /// <summary>
    /// The same table with all positions moved, also those of the rows of zeros: <c>center_hits_to</c> once for all hits. Shares all other
    /// columns with this one.
    /// </summary>
    /// <param name="shift">What is added to the positions, m.</param>
    public PmtTable Translate(Position shift) => new(this, shift);

    private void Fill(int row, Dom dom, int channel, in Pmt pmt)
    {
        _posX[row] = pmt.Position.X;
        _posY[row] = pmt.Position.Y;
        _posZ[row] = pmt.Position.Z;
        _dirX[row] = pmt.Direction.X;
        _dirY[row] = pmt.Direction.Y;
        _dirZ[row] = pmt.Direction.Z;
        _t0[row] = pmt.T0;
        _du[row] = unchecked((byte)dom.Du);
        _floor[row] = unchecked((byte)dom.Floor);
        _pmtId[row] = pmt.Id;
        _domId[row] = dom.Id;
        _channelId[row] = channel;
        _status[row] = pmt.Status;
        _pmts.Set(pmt.Id, row);
    }
}
