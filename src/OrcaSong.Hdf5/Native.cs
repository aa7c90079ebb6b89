using System.Runtime.InteropServices;

namespace OrcaSong.Hdf5;

/// <summary>
/// The functions of the HDF5 C library that are used, with 64-bit identifiers (1.10 and later). Only those whose binary
/// interface is the same from 1.10.3 to 2.0: H5Oget_info, H5Literate and H5Ovisit, for example, are macros for functions
/// that differ, and stay out. <c>hbool_t</c> is passed as an int (bool in some builds, unsigned in others).
/// </summary>
/// <remarks>Call them only inside <see cref="HdfLibrary.Enter"/>.</remarks>
internal static unsafe partial class Native
{
    internal const string Library = "hdf5";
    internal const long Default = 0; // H5P_DEFAULT, H5E_DEFAULT, H5S_ALL
    internal static readonly nuint VariableSize = nuint.MaxValue;

    // Library
    [LibraryImport(Library)] internal static partial int H5open();
    [LibraryImport(Library)] internal static partial int H5get_libversion(out uint major, out uint minor, out uint release);
    [LibraryImport(Library)] internal static partial int H5free_memory(void* memory);

    // Errors
    [LibraryImport(Library)] internal static partial int H5Eset_auto2(long stack, void* callback, void* data);
    [LibraryImport(Library)]
    internal static partial int H5Ewalk2(
        long stack, int direction, delegate* unmanaged[Cdecl]<uint, ErrorStack.Entry*, void*, int> callback, void* data);

    // Identifiers
    [LibraryImport(Library)] internal static partial int H5Idec_ref(long id);
    [LibraryImport(Library)] internal static partial int H5Iis_valid(long id);
    [LibraryImport(Library)] internal static partial int H5Iget_type(long id);

    // Files
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial long H5Fopen(string name, uint flags, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial long H5Fcreate(string name, uint flags, long creation, long access);
    [LibraryImport(Library)] internal static partial int H5Fclose(long file);
    [LibraryImport(Library)] internal static partial int H5Fflush(long file, int scope);
    [LibraryImport(Library)] internal static partial nint H5Fget_obj_count(long file, uint kinds);

    // Links and objects
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int H5Lexists(long location, string name, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint H5Lget_name_by_idx(
        long location, string group, int index, int order, ulong n, byte* name, nuint size, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int H5Oexists_by_name(long location, string name, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial long H5Oopen(long location, string name, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int H5Gget_info_by_name(long location, string name, GroupInfo* info, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial long H5Gcreate2(long location, string name, long link, long creation, long access);

    // Datasets
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial long H5Dopen2(long location, string name, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial long H5Dcreate2(
        long location, string name, long type, long space, long link, long creation, long access);
    [LibraryImport(Library)] internal static partial long H5Dget_type(long dataset);
    [LibraryImport(Library)] internal static partial long H5Dget_space(long dataset);
    [LibraryImport(Library)] internal static partial long H5Dget_create_plist(long dataset);
    [LibraryImport(Library)] internal static partial int H5Dset_extent(long dataset, ulong* shape);
    [LibraryImport(Library)] internal static partial int H5Dread(long dataset, long memoryType, long memorySpace, long fileSpace, long transfer, void* buffer);
    [LibraryImport(Library)] internal static partial int H5Dwrite(long dataset, long memoryType, long memorySpace, long fileSpace, long transfer, void* buffer);
    [LibraryImport(Library)] internal static partial int H5Dget_chunk_storage_size(long dataset, ulong* offset, ulong* bytes);
    [LibraryImport(Library)] internal static partial ulong H5Dget_storage_size(long dataset);
    [LibraryImport(Library)] internal static partial int H5Dwrite_chunk(long dataset, long transfer, uint filterMask, ulong* offset, nuint size, void* buffer);

    // Attributes
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int H5Aexists_by_name(long location, string path, string name, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial long H5Aopen_by_name(
        long location, string path, string name, long attributeAccess, long linkAccess);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial long H5Acreate_by_name(
        long location, string path, string name, long type, long space, long creation, long attributeAccess, long linkAccess);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int H5Adelete_by_name(long location, string path, string name, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int H5Aiterate_by_name(
        long location, string path, int index, int order, ulong* position, delegate* unmanaged[Cdecl]<long, byte*, void*, void*, int> callback, void* data, long access);
    [LibraryImport(Library)] internal static partial long H5Aget_type(long attribute);
    [LibraryImport(Library)] internal static partial long H5Aget_space(long attribute);
    [LibraryImport(Library)] internal static partial int H5Aread(long attribute, long memoryType, void* buffer);
    [LibraryImport(Library)] internal static partial int H5Awrite(long attribute, long memoryType, void* buffer);

    // Dataspaces
    [LibraryImport(Library)] internal static partial long H5Screate(int kind);
    [LibraryImport(Library)] internal static partial long H5Screate_simple(int rank, ulong* shape, ulong* maxShape);
    [LibraryImport(Library)] internal static partial int H5Sget_simple_extent_type(long space);
    [LibraryImport(Library)] internal static partial int H5Sget_simple_extent_ndims(long space);
    [LibraryImport(Library)] internal static partial int H5Sget_simple_extent_dims(long space, ulong* shape, ulong* maxShape);
    [LibraryImport(Library)] internal static partial int H5Sselect_hyperslab(long space, int operation, ulong* start, ulong* stride, ulong* count, ulong* block);

    // Types
    [LibraryImport(Library)] internal static partial int H5Tget_class(long type);
    [LibraryImport(Library)] internal static partial nuint H5Tget_size(long type);
    [LibraryImport(Library)] internal static partial int H5Tget_sign(long type);
    [LibraryImport(Library)] internal static partial int H5Tget_order(long type);
    [LibraryImport(Library)] internal static partial int H5Tget_cset(long type);
    [LibraryImport(Library)] internal static partial int H5Tget_strpad(long type);
    [LibraryImport(Library)] internal static partial int H5Tis_variable_str(long type);
    [LibraryImport(Library)] internal static partial long H5Tget_super(long type);
    [LibraryImport(Library)] internal static partial byte* H5Tget_tag(long type);
    [LibraryImport(Library)] internal static partial int H5Tget_nmembers(long type);
    [LibraryImport(Library)] internal static partial byte* H5Tget_member_name(long type, uint index);
    [LibraryImport(Library)] internal static partial nuint H5Tget_member_offset(long type, uint index);
    [LibraryImport(Library)] internal static partial long H5Tget_member_type(long type, uint index);
    [LibraryImport(Library)] internal static partial int H5Tget_member_value(long type, uint index, void* value);
    [LibraryImport(Library)] internal static partial int H5Tget_array_ndims(long type);
    [LibraryImport(Library)] internal static partial int H5Tget_array_dims2(long type, ulong* shape);
    [LibraryImport(Library)] internal static partial int H5Tequal(long first, long second);
    [LibraryImport(Library)] internal static partial long H5Tcopy(long type);
    [LibraryImport(Library)] internal static partial long H5Tcreate(int @class, nuint size);
    [LibraryImport(Library)] internal static partial int H5Tset_size(long type, nuint size);
    [LibraryImport(Library)] internal static partial int H5Tset_cset(long type, int charset);
    [LibraryImport(Library)] internal static partial int H5Tset_strpad(long type, int padding);
    [LibraryImport(Library)] internal static partial int H5Tset_fields(long type, nuint sign, nuint exponent, nuint exponentSize, nuint mantissa, nuint mantissaSize);
    [LibraryImport(Library)] internal static partial int H5Tset_ebias(long type, nuint bias);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int H5Tset_tag(long type, string tag);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int H5Tinsert(long type, string name, nuint offset, long member);
    [LibraryImport(Library)] internal static partial long H5Tenum_create(long @base);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int H5Tenum_insert(long type, string name, void* value);
    [LibraryImport(Library)] internal static partial long H5Tarray_create2(long element, uint rank, ulong* shape);
    [LibraryImport(Library)] internal static partial long H5Tvlen_create(long element);

    // Property lists
    [LibraryImport(Library)] internal static partial long H5Pcreate(long @class);
    [LibraryImport(Library)] internal static partial int H5Pset_fclose_degree(long list, int degree);
    [LibraryImport(Library)] internal static partial int H5Pget_mdc_config(long list, byte* config);
    [LibraryImport(Library)] internal static partial int H5Pset_mdc_config(long list, byte* config);
    [LibraryImport(Library)] internal static partial int H5Pset_libver_bounds(long list, int low, int high);
    [LibraryImport(Library)] internal static partial int H5Pset_char_encoding(long list, int charset);
    [LibraryImport(Library)] internal static partial int H5Pset_obj_track_times(long list, int track);
    [LibraryImport(Library)] internal static partial int H5Pset_chunk(long list, int rank, ulong* shape);
    [LibraryImport(Library)] internal static partial int H5Pget_chunk(long list, int rank, ulong* shape);
    [LibraryImport(Library)] internal static partial int H5Pget_layout(long list);
    [LibraryImport(Library)] internal static partial int H5Pset_fill_time(long list, int time);
    [LibraryImport(Library)] internal static partial int H5Pset_alloc_time(long list, int time);
    [LibraryImport(Library)] internal static partial int H5Pset_filter(long list, int id, uint flags, nuint count, uint* values);
    [LibraryImport(Library)] internal static partial int H5Pget_nfilters(long list);
    [LibraryImport(Library)]
    internal static partial int H5Pget_filter2(
        long list, uint index, uint* flags, nuint* count, uint* values, nuint nameSize, byte* name, uint* config);
    [LibraryImport(Library)] internal static partial int H5Zfilter_avail(int id);

    /// <summary>H5G_info_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct GroupInfo
    {
        internal int StorageType;
        internal ulong LinkCount;
        internal long MaxCreationOrder;
        internal int Mounted;
    }
}
