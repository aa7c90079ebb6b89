namespace OrcaSong.Hdf5;

/// <summary>An identifier (type, dataspace, property list, attribute) that lives within one locked section.</summary>
/// <param name="value">The identifier.</param>
internal readonly ref struct NativeId(long value)
{
    internal long Value { get; } = value;

    /// <summary>Gives the identifier up. Those that are 0 (defaults) are nobody's.</summary>
    internal void Dispose()
    {
        if (Value > 0)
        {
            _ = Native.H5Idec_ref(Value);
        }
    }
}
