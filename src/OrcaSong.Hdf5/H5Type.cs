using System.Globalization;

namespace OrcaSong.Hdf5;

/// <summary>A member of a compound type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Bytes from the start of the row.</param>
/// <param name="Type">Its type.</param>
public sealed record H5Member(string Name, int Offset, H5Type Type);

/// <summary>A named value of an enumeration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; those of unsigned 64-bit types above 2^63 wrap around.</param>
public sealed record H5EnumMember(string Name, long Value);

/// <summary>The type of a dataset's or an attribute's elements: a description, equal to another by value.</summary>
public sealed class H5Type : IEquatable<H5Type>
{
    private H5Type(H5Class @class, int size)
    {
        Class = @class;
        Size = size;
    }

    /// <summary>Signed integer of 1 byte.</summary>
    public static H5Type Int8 { get; } = Integer(1, isSigned: true);

    /// <summary>Signed integer of 2 bytes, little-endian.</summary>
    public static H5Type Int16 { get; } = Integer(2, isSigned: true);

    /// <summary>Signed integer of 4 bytes, little-endian.</summary>
    public static H5Type Int32 { get; } = Integer(4, isSigned: true);

    /// <summary>Signed integer of 8 bytes, little-endian.</summary>
    public static H5Type Int64 { get; } = Integer(8, isSigned: true);

    /// <summary>Unsigned integer of 1 byte.</summary>
    public static H5Type UInt8 { get; } = Integer(1, isSigned: false);

    /// <summary>Unsigned integer of 2 bytes, little-endian.</summary>
    public static H5Type UInt16 { get; } = Integer(2, isSigned: false);

    /// <summary>Unsigned integer of 4 bytes, little-endian.</summary>
    public static H5Type UInt32 { get; } = Integer(4, isSigned: false);

    /// <summary>Unsigned integer of 8 bytes, little-endian.</summary>
    public static H5Type UInt64 { get; } = Integer(8, isSigned: false);

    /// <summary>IEEE 754 half precision, little-endian.</summary>
    public static H5Type Float16 { get; } = Float(2);

    /// <summary>IEEE 754 single precision, little-endian.</summary>
    public static H5Type Float32 { get; } = Float(4);

    /// <summary>IEEE 754 double precision, little-endian.</summary>
    public static H5Type Float64 { get; } = Float(8);

    /// <summary>h5py's boolean: the enumeration FALSE = 0, TRUE = 1 over <see cref="Int8"/>.</summary>
    public static H5Type Bool { get; } = Enum(Int8, [new("FALSE", 0), new("TRUE", 1)]);

    /// <summary>PyTables' boolean: 8 bits.</summary>
    public static H5Type Bitfield8 { get; } = Bitfield(1);

    /// <summary>What kind of type it is.</summary>
    public H5Class Class { get; }

    /// <summary>Bytes of an element in memory. For variable-length types: of the pointer to the data.</summary>
    public int Size { get; }

    /// <summary>Whether integers (those of an enumeration, too) or floats are signed.</summary>
    public bool IsSigned { get; private init; }

    /// <summary>Whether all of its numbers are stored little-endian; true where there is no byte order.</summary>
    public bool IsLittleEndian { get; private init; } = true;

    /// <summary>
    /// Whether the bytes in the file are those in memory: little-endian, every bit in use, IEEE 754. Only then may the bytes of
    /// a chunk be taken as they are; <see cref="H5Dataset.Read"/> converts the others.
    /// </summary>
    public bool IsNative { get; private init; } = true;

    /// <summary>The members of a compound type, in order; empty for others.</summary>
    public IReadOnlyList<H5Member> Members { get; private init; } = [];

    /// <summary>The members of an enumeration, ascending by value; empty for others.</summary>
    public IReadOnlyList<H5EnumMember> EnumMembers { get; private init; } = [];

    /// <summary>The character set of strings.</summary>
    public H5Charset Charset { get; private init; }

    /// <summary>The padding of strings.</summary>
    public H5Padding Padding { get; private init; }

    /// <summary>The type that an array or a sequence is made of, or that an enumeration is stored as; otherwise <see langword="null"/>.</summary>
    public H5Type? Element { get; private init; }

    /// <summary>The shape of an array type; empty for others.</summary>
    public IReadOnlyList<int> Dimensions { get; private init; } = [];

    /// <summary>The tag of an opaque type.</summary>
    public string Tag { get; private init; } = string.Empty;

    /// <summary>Whether it is h5py's boolean.</summary>
    public bool IsBool => Class == H5Class.Enum && Size == 1
        && EnumMembers is [{ Name: "FALSE", Value: 0 }, { Name: "TRUE", Value: 1 }];

    /// <summary>Whether elements are of fixed size and mean the same in another file: not variable-length, no references.</summary>
    public bool IsSelfContained => Class switch
    {
        H5Class.VariableString or H5Class.VariableLength or H5Class.Reference or H5Class.Unknown => false,
        H5Class.Compound => Members.All(m => m.Type.IsSelfContained),
        H5Class.Array => Element!.IsSelfContained,
        _ => true,
    };

    /// <summary>Text of a fixed number of bytes.</summary>
    /// <param name="size">Bytes, at least 1; no terminator is needed.</param>
    /// <param name="charset">Character set.</param>
    /// <param name="padding">Padding.</param>
    /// <returns>The type.</returns>
    public static H5Type FixedString(int size, H5Charset charset = H5Charset.Utf8, H5Padding padding = H5Padding.NullTerminated)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return new H5Type(H5Class.String, size) { Charset = charset, Padding = padding };
    }

    /// <summary>Text of any length.</summary>
    /// <param name="charset">Character set.</param>
    /// <param name="padding">Padding; null-terminated in every file of h5py.</param>
    /// <returns>The type.</returns>
    public static H5Type VariableString(H5Charset charset = H5Charset.Utf8, H5Padding padding = H5Padding.NullTerminated) =>
        new(H5Class.VariableString, 8) { Charset = charset, Padding = padding };

    /// <summary>A compound type without gaps.</summary>
    /// <param name="members">Names and types, in order; at least one.</param>
    /// <returns>The type.</returns>
    public static H5Type Compound(IEnumerable<(string Name, H5Type Type)> members)
    {
        var placed = new List<H5Member>();
        var size = 0;
        foreach (var (name, type) in members)
        {
            Text.CheckName(name);
            placed.Add(new H5Member(name, size, type));
            size = checked(size + type.Size);
        }

        if (placed.Count == 0 || placed.DistinctBy(m => m.Name, StringComparer.Ordinal).Count() != placed.Count)
        {
            throw new ArgumentException("A compound type needs at least one member, and no two of the same name.", nameof(members));
        }

        return Compound(placed, size);
    }

    /// <summary>An enumeration.</summary>
    /// <param name="element">The integer type that it is stored as.</param>
    /// <param name="members">Names and values; no value twice.</param>
    /// <returns>The type.</returns>
    public static H5Type Enum(H5Type element, IReadOnlyList<H5EnumMember> members) =>
        element.Class == H5Class.Integer
            ? new H5Type(H5Class.Enum, element.Size)
            {
                Element = element,
                EnumMembers = [.. members.OrderBy(m => m.Value)],
                IsSigned = element.IsSigned,
                IsLittleEndian = element.IsLittleEndian,
                IsNative = element.IsNative,
            }
            : throw new ArgumentException($"An enumeration is stored as an integer type, not as {element}.", nameof(element));

    /// <summary>An array as one element.</summary>
    /// <param name="element">What it is made of.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <returns>The type.</returns>
    public static H5Type Array(H5Type element, IReadOnlyList<int> dimensions) =>
        new(H5Class.Array, dimensions.Aggregate(element.Size, (size, n) => checked(size * n)))
        {
            Element = element,
            Dimensions = dimensions,
            IsLittleEndian = element.IsLittleEndian,
            IsNative = element.IsNative,
        };

    /// <inheritdoc/>
    public bool Equals(H5Type? other) =>
        other is not null
        && Class == other.Class
        && Size == other.Size
        && IsSigned == other.IsSigned
        && IsLittleEndian == other.IsLittleEndian
        && IsNative == other.IsNative
        && Charset == other.Charset
        && Padding == other.Padding
        && Tag == other.Tag
        && Equals(Element, other.Element)
        && Dimensions.SequenceEqual(other.Dimensions)
        && EnumMembers.SequenceEqual(other.EnumMembers)
        && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as H5Type);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Class, Size, IsSigned, IsLittleEndian, Members.Count, Dimensions.Count);

    /// <summary>The type in short, such as <c>int64</c>, <c>float32be</c>, <c>string[5]</c> or <c>{index int64, n_items int64}</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var order = IsLittleEndian ? string.Empty : "be";
        var bits = (Size * 8).ToString(CultureInfo.InvariantCulture);
        return Class switch
        {
            H5Class.Integer => $"{(IsSigned ? "int" : "uint")}{bits}{order}",
            H5Class.Float => $"float{bits}{order}",
            H5Class.Bitfield => $"bitfield{bits}{order}",
            H5Class.String => string.Create(CultureInfo.InvariantCulture, $"string[{Size}]"),
            H5Class.VariableString => "string",
            H5Class.Enum when IsBool => "bool",
            H5Class.Enum => $"enum {Element} {{{string.Join(", ", EnumMembers.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Name}={m.Value}")))}}}",
            H5Class.Opaque => string.Create(CultureInfo.InvariantCulture, $"opaque[{Size}]"),
            H5Class.Compound => $"{{{string.Join(", ", Members.Select(m => $"{m.Name} {m.Type}"))}}}",
            H5Class.Array => $"{Element}[{string.Join(",", Dimensions)}]",
            H5Class.VariableLength => $"sequence of {Element}",
            H5Class.Reference => "reference",
            H5Class.Time => "time",
            _ => string.Create(CultureInfo.InvariantCulture, $"unknown[{Size}]"),
        };
    }

    internal static H5Type Integer(int size, bool isSigned, bool isLittleEndian = true, bool isNative = true) =>
        new(H5Class.Integer, size) { IsSigned = isSigned, IsLittleEndian = isLittleEndian, IsNative = isNative };

    internal static H5Type Float(int size, bool isLittleEndian = true, bool isNative = true) =>
        new(H5Class.Float, size) { IsSigned = true, IsLittleEndian = isLittleEndian, IsNative = isNative };

    internal static H5Type Bitfield(int size, bool isLittleEndian = true, bool isNative = true) =>
        new(H5Class.Bitfield, size) { IsLittleEndian = isLittleEndian, IsNative = isNative };

    internal static H5Type Compound(IReadOnlyList<H5Member> members, int size) => new(H5Class.Compound, size)
    {
        Members = members,
        IsLittleEndian = members.All(m => m.Type.IsLittleEndian),
        IsNative = members.All(m => m.Type.IsNative),
    };

    internal static H5Type Opaque(int size, string tag) => new(H5Class.Opaque, size) { Tag = tag };

    internal static H5Type Sequence(int size, H5Type element) => new(H5Class.VariableLength, size) { Element = element, IsNative = false };

    /// <summary>A type that is known by its size only.</summary>
    internal static H5Type Other(H5Class @class, int size) => new(@class, size) { IsNative = false };

    /// <summary>The type of what <see cref="H5Dataset.Read"/> gives: the same layout, in memory's byte order.</summary>
    /// <returns>The type.</returns>
    public H5Type InMemory() => IsNative ? this : Class switch
    {
        H5Class.Integer => Integer(Size, IsSigned),
        H5Class.Float => Float(Size),
        H5Class.Bitfield => Bitfield(Size),
        H5Class.Enum => Enum(Element!.InMemory(), EnumMembers),
        H5Class.Array => Array(Element!.InMemory(), Dimensions),
        H5Class.Compound => Compound([.. Members.Select(m => m with { Type = m.Type.InMemory() })], Size),
        _ => this,
    };
}
