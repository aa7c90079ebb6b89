using System.Runtime.InteropServices;

namespace OrcaSong.Hdf5;

/// <summary>Variable-length strings on their way to the library: zero-terminated copies, and the pointers to them.</summary>
internal sealed unsafe class VariableText : IDisposable
{
    internal VariableText(ReadOnlySpan<string> values, H5Charset charset)
    {
        Pointers = new nint[values.Length];
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                var bytes = Text.Encode(values[i], charset);
                if (bytes.AsSpan().Contains((byte)0))
                {
                    throw new ArgumentException($"'{values[i]}' contains a NUL character, where it would be cut off.", nameof(values));
                }

                var copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
                bytes.CopyTo(new Span<byte>(copy, bytes.Length));
                copy[bytes.Length] = 0;
                Pointers[i] = (nint)copy;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal nint[] Pointers { get; }

    public void Dispose()
    {
        foreach (var pointer in Pointers)
        {
            NativeMemory.Free((void*)pointer);
        }

        System.Array.Clear(Pointers);
    }
}
