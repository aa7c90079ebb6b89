namespace OrcaSong.Hdf5;

/// <summary>Kinds of types (H5T_class_t, with variable-length strings apart).</summary>
public enum H5Class
{
    /// <summary>Integer of 1, 2, 4 or 8 bytes.</summary>
    Integer,

    /// <summary>Floating point of 2, 4 or 8 bytes.</summary>
    Float,

    /// <summary>Text of a fixed number of bytes.</summary>
    String,

    /// <summary>Row of named members.</summary>
    Compound,

    /// <summary>Named integers; h5py's booleans are of this kind.</summary>
    Enum,

    /// <summary>Bits; PyTables' booleans are of this kind (8 bits).</summary>
    Bitfield,

    /// <summary>Bytes without meaning to HDF5.</summary>
    Opaque,

    /// <summary>Array of fixed shape within one element.</summary>
    Array,

    /// <summary>Text of any length, kept in the file's global heap.</summary>
    VariableString,

    /// <summary>Sequence of any length, kept in the file's global heap.</summary>
    VariableLength,

    /// <summary>Reference to an object or a region.</summary>
    Reference,

    /// <summary>Time; obsolete.</summary>
    Time,

    /// <summary>Of a kind that came after this binding (such as complex numbers of HDF5 2.0).</summary>
    Unknown,
}

/// <summary>Character sets of strings (H5T_cset_t).</summary>
public enum H5Charset
{
    /// <summary>ASCII.</summary>
    Ascii = 0,

    /// <summary>UTF-8.</summary>
    Utf8 = 1,
}

/// <summary>What fills a fixed-length string up (H5T_str_t).</summary>
public enum H5Padding
{
    /// <summary>Ends at the first NUL, or at its full size.</summary>
    NullTerminated = 0,

    /// <summary>NULs at the end do not count.</summary>
    NullPadded = 1,

    /// <summary>Spaces at the end do not count.</summary>
    SpacePadded = 2,
}

/// <summary>How a dataset's elements are stored (H5D_layout_t).</summary>
public enum H5Layout
{
    /// <summary>In the object's header.</summary>
    Compact = 0,

    /// <summary>In one piece.</summary>
    Contiguous = 1,

    /// <summary>In chunks, which may be filtered.</summary>
    Chunked = 2,

    /// <summary>In other datasets.</summary>
    Virtual = 3,
}

/// <summary>What a link leads to.</summary>
public enum H5ObjectKind
{
    /// <summary>Nothing that can be opened: there is no such link, or it dangles, or it leads in a circle.</summary>
    Unresolved,

    /// <summary>A group.</summary>
    Group,

    /// <summary>A dataset.</summary>
    Dataset,

    /// <summary>A type with a name of its own.</summary>
    NamedType,
}
