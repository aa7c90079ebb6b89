using System.Runtime.InteropServices;
using OrcaSong.Detectors;
using OrcaSong.Events;

namespace OrcaSong.Calibration;

/// <summary>The fields that hits and MC hits have from the detector, in the types that km3pipe gives them.</summary>
internal static class PmtFields
{
    /// <summary>The fields that calibrated MC hits have from the detector, found by pmt_id.</summary>
    internal static readonly string[] OfMcHits =
        ["channel_id", "dir_x", "dir_y", "dir_z", "dom_id", "du", "floor", "pos_x", "pos_y", "pos_z", "t0"];

    /// <summary>The type of a field.</summary>
    internal static NumberType TypeOf(string field) => field switch
    {
        "du" or "floor" => NumberType.UInt8,
        "pmt_id" or "dom_id" or "channel_id" => NumberType.Int32,
        _ => NumberType.Float64,
    };

    /// <summary>The values of a field for hits.</summary>
    /// <param name="pmts">The detector's PMTs.</param>
    /// <param name="field">The field.</param>
    /// <param name="rows">The PMT row of each hit.</param>
    /// <param name="values">Receives a value of <see cref="TypeOf"/> for each hit.</param>
    internal static void Gather(PmtTable pmts, string field, ReadOnlySpan<int> rows, Span<byte> values)
    {
        switch (field)
        {
            case "pos_x": Gather(pmts.PosX, rows, values); break;
            case "pos_y": Gather(pmts.PosY, rows, values); break;
            case "pos_z": Gather(pmts.PosZ, rows, values); break;
            case "dir_x": Gather(pmts.DirX, rows, values); break;
            case "dir_y": Gather(pmts.DirY, rows, values); break;
            case "dir_z": Gather(pmts.DirZ, rows, values); break;
            case "t0": Gather(pmts.T0, rows, values); break;
            case "du": Gather(pmts.Du, rows, values); break;
            case "floor": Gather(pmts.Floor, rows, values); break;
            case "pmt_id": Gather(pmts.PmtId, rows, values); break;
            case "dom_id": Gather(pmts.DomId, rows, values); break;
            case "channel_id": Gather(pmts.ChannelId, rows, values); break;
            default: throw new ArgumentOutOfRangeException(nameof(field), field, "A detector has no such field.");
        }
    }

    private static void Gather<T>(ReadOnlySpan<T> column, ReadOnlySpan<int> rows, Span<byte> values)
        where T : unmanaged => PmtTable.Gather(column, rows, MemoryMarshal.Cast<byte, T>(values)[..rows.Length]);
}
