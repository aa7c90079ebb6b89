using System.Text;

namespace OrcaSong.Hdf5;

/// <summary>
/// A group. It keeps nothing open, so it needs no disposing: every call finds its way from the file's root. Paths are relative
/// to the group, or absolute with a leading <c>/</c>.
/// </summary>
/// <remarks>Links may lead back to a group on the way to them: whoever walks through a file limits the depth.</remarks>
public sealed class H5Group : H5Object
{
    internal H5Group(H5File file, string path)
        : base(file, path)
    {
    }

    /// <summary>The names of its links, in ascending order of their bytes.</summary>
    /// <exception cref="H5Exception">The group is damaged, or was removed.</exception>
    public unsafe IReadOnlyList<string> Names
    {
        get
        {
            using var scope = HdfLibrary.Enter();
            var call = Call("list");
            Native.GroupInfo info;
            call.Ok(Native.H5Gget_info_by_name(File.Id, Path, &info, Native.Default));
            var names = new List<string>();
            var buffer = new byte[256];
            for (ulong i = 0; i < info.LinkCount; i++)
            {
                var length = ReadName(i, buffer, call);
                if (length >= buffer.Length)
                {
                    buffer = new byte[length + 1];
                    length = ReadName(i, buffer, call);
                }

                names.Add(Text.Decode(buffer.AsSpan(0, length)));
            }

            Text.RequireName(names, call);

            return names;
        }
    }

    /// <summary>Whether there is an object: every part of the path exists, and the links lead somewhere.</summary>
    /// <param name="path">Path of the object.</param>
    /// <returns>Whether it can be opened.</returns>
    public bool Contains(string path)
    {
        using var scope = HdfLibrary.Enter();
        return Exists(Combine(path));
    }

    /// <summary>What a link leads to.</summary>
    /// <param name="name">Name or path of the link.</param>
    /// <returns>The kind; <see cref="H5ObjectKind.Unresolved"/> also when there is no such link.</returns>
    /// <exception cref="H5Exception">The object is damaged.</exception>
    public H5ObjectKind KindOf(string name)
    {
        using var scope = HdfLibrary.Enter();
        return Kind(Combine(name));
    }

    /// <summary>Opens a group.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The group.</returns>
    /// <exception cref="H5Exception">There is none, or it is something else.</exception>
    public H5Group OpenGroup(string path)
    {
        using var scope = HdfLibrary.Enter();
        var full = Combine(path);
        Require(full, H5ObjectKind.Group);
        return new H5Group(File, full);
    }

    /// <summary>Opens a dataset.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The dataset, to be disposed.</returns>
    /// <exception cref="H5Exception">There is none, or it is something else, or it is damaged.</exception>
    public H5Dataset OpenDataset(string path)
    {
        using var scope = HdfLibrary.Enter();
        var full = Combine(path);
        Require(full, H5ObjectKind.Dataset);
        var call = new Call("open", File.Path, full);
        return H5Dataset.FromId(File, full, call.Id(Native.H5Dopen2(File.Id, full, Native.Default)), call);
    }

    /// <summary>Makes a group.</summary>
    /// <param name="name">Its name, or its path in groups that exist.</param>
    /// <returns>The group.</returns>
    /// <exception cref="H5Exception">There is an object of that name, or the file is open for reading only.</exception>
    public H5Group CreateGroup(string name)
    {
        Text.CheckName(name);
        using var scope = HdfLibrary.Enter();
        var full = Combine(name);
        var call = new Call("create group", File.Path, full);
        File.RequireWritable(call);
        using var link = LinkCreation(name, call);
        using var group = call.Own(Native.H5Gcreate2(File.Id, full, link.Value, Native.Default, Native.Default));
        return new H5Group(File, full);
    }

    /// <summary>Makes a dataset.</summary>
    /// <param name="name">Its name, or its path in groups that exist.</param>
    /// <param name="spec">What it is like.</param>
    /// <returns>The dataset, to be disposed.</returns>
    /// <exception cref="H5Exception">There is an object of that name, the file is open for reading only, or a filter's plug-in is missing.</exception>
    /// <exception cref="ArgumentException">The shapes do not fit one another, or there are filters without chunks.</exception>
    public H5Dataset CreateDataset(string name, H5DatasetSpec spec)
    {
        Text.CheckName(name);
        using var scope = HdfLibrary.Enter();
        var full = Combine(name);
        var call = new Call("create dataset", File.Path, full);
        File.RequireWritable(call);
        using var link = LinkCreation(name, call);
        return H5Dataset.FromId(File, full, H5DatasetCreation.Create(File.Id, full, link.Value, spec, call), call);
    }

    private static NativeId LinkCreation(string name, Call call)
    {
        var link = call.Own(Native.H5Pcreate(HdfLibrary.Predefined("H5P_CLS_LINK_CREATE_ID_g")));
        if (!Ascii.IsValid(name))
        {
            call.Ok(Native.H5Pset_char_encoding(link.Value, (int)H5Charset.Utf8));
        }

        return link;
    }

    private unsafe int ReadName(ulong index, byte[] buffer, Call call)
    {
        fixed (byte* name = buffer)
        {
            // The dot makes it follow a soft link at the end of the path.
            var length = Native.H5Lget_name_by_idx(File.Id, Path + "/.", 0, 0, index, name, (nuint)buffer.Length, Native.Default);
            return length < 0 ? throw call.Failure() : checked((int)length);
        }
    }

    private string Combine(string path)
    {
        Text.CheckName(path);
        var parts = (path[0] == '/' ? path : $"{Path}/{path}").Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");
        return "/" + string.Join('/', parts);
    }

    private bool Exists(string full)
    {
        var file = File.Id;
        for (var end = full.Length == 1 ? -1 : 0; end >= 0;)
        {
            end = full.IndexOf('/', end + 1);
            var part = end < 0 ? full : full[..end];
            var call = new Call("look for", File.Path, part);

            // H5Lexists fails on a path through something that is no group, so everything but the last must be one.
            if (call.Ok(Native.H5Lexists(file, part, Native.Default)) == 0
                || Native.H5Oexists_by_name(file, part, Native.Default) <= 0
                || (end >= 0 && KindOfExisting(part) != H5ObjectKind.Group))
            {
                return false;
            }
        }

        return true;
    }

    private H5ObjectKind Kind(string full) => Exists(full) ? KindOfExisting(full) : H5ObjectKind.Unresolved;

    private H5ObjectKind KindOfExisting(string full)
    {
        var call = new Call("open", File.Path, full);
        using var id = call.Own(Native.H5Oopen(File.Id, full, Native.Default));
        return call.Ok(Native.H5Iget_type(id.Value)) switch
        {
            2 => H5ObjectKind.Group,
            3 => H5ObjectKind.NamedType,
            5 => H5ObjectKind.Dataset,
            _ => H5ObjectKind.Unresolved,
        };
    }

    private void Require(string full, H5ObjectKind expected)
    {
        var kind = Kind(full);
        if (kind == expected)
        {
            return;
        }

        throw new Call("open", File.Path, full).Error(kind switch
        {
            H5ObjectKind.Group => "it is a group, not a dataset",
            H5ObjectKind.Dataset => "it is a dataset, not a group",
            H5ObjectKind.NamedType => $"it is a named type, not a {(expected == H5ObjectKind.Group ? "group" : "dataset")}",
            _ => "it does not exist, or its link leads nowhere",
        });
    }
}
