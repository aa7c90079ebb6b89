namespace OrcaSong.Plots;

/// <summary>Takes the date out of a PDF, so that the same picture has the same bytes. Its entry is optional (PDF 1.7, 14.3.3).</summary>
internal static class PdfDate
{
    // The document's information stands at the end, before the cross-reference table.
    private const int Tail = 1 << 16;

    internal static void Remove(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        var tail = new byte[Math.Min(Tail, file.Length)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var start = tail.AsSpan().LastIndexOf("/CreationDate ("u8);
        var length = start < 0 ? -1 : tail.AsSpan(start).IndexOf((byte)')') + 1;
        if (length > 0)
        {
            // Blanks of the same length, as the table counts bytes.
            tail.AsSpan(start, length).Fill((byte)' ');
            file.Seek(start - tail.Length, SeekOrigin.End);
            file.Write(tail.AsSpan(start, length));
        }
    }
}
