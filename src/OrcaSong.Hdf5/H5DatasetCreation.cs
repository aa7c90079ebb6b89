namespace OrcaSong.Hdf5;

/// <summary>Makes datasets from their specifications.</summary>
internal static unsafe class H5DatasetCreation
{
    private const int AllocateLate = 2; // H5D_alloc_time_t
    private const int AllocateIncrementally = 3;
    private const int FillWhenAllocated = 0; // H5D_fill_time_t

    internal static long Create(long file, string path, long link, H5DatasetSpec spec, Call call)
    {
        Check(spec);
        using var type = NativeType.Create(spec.Type, call);
        using var space = Space(spec, call);
        using var creation = call.Own(Native.H5Pcreate(HdfLibrary.Predefined("H5P_CLS_DATASET_CREATE_ID_g")));
        call.Ok(Native.H5Pset_obj_track_times(creation.Value, spec.TrackTimes ? 1 : 0));
        call.Ok(Native.H5Pset_fill_time(creation.Value, FillWhenAllocated));
        call.Ok(Native.H5Pset_alloc_time(creation.Value, spec.ChunkShape is null ? AllocateLate : AllocateIncrementally));
        if (spec.ChunkShape is { } chunk)
        {
            fixed (long* shape = chunk)
            {
                call.Ok(Native.H5Pset_chunk(creation.Value, chunk.Length, (ulong*)shape));
            }
        }

        foreach (var filter in spec.Filters)
        {
            AddFilter(creation.Value, filter, call);
        }

        return call.Id(Native.H5Dcreate2(file, path, type.Value, space.Value, link, creation.Value, Native.Default));
    }

    private static void Check(H5DatasetSpec spec)
    {
        if (spec.Shape.Any(n => n < 0))
        {
            throw new ArgumentException($"The shape ({string.Join(", ", spec.Shape)}) has a negative length.", nameof(spec));
        }

        if (spec.MaxShape is { } max && (max.Length != spec.Shape.Length || max.Zip(spec.Shape).Any(p => p.First != -1 && p.First < p.Second)))
        {
            throw new ArgumentException(
                $"The largest shape ({string.Join(", ", max)}) does not fit the shape ({string.Join(", ", spec.Shape)}).", nameof(spec));
        }

        if (spec.ChunkShape is { } chunk && (chunk.Length != spec.Shape.Length || chunk.Length == 0 || chunk.Any(n => n < 1)))
        {
            throw new ArgumentException(
                $"The chunk shape ({string.Join(", ", chunk)}) does not fit the shape ({string.Join(", ", spec.Shape)}): it needs as many axes, each of 1 or more.",
                nameof(spec));
        }

        if (spec.ChunkShape is null && (spec.Filters.Count > 0 || (spec.MaxShape is { } largest && !largest.AsSpan().SequenceEqual(spec.Shape))))
        {
            throw new ArgumentException("Only a dataset in chunks can have filters or grow; give a chunk shape.", nameof(spec));
        }
    }

    private static NativeId Space(H5DatasetSpec spec, Call call)
    {
        if (spec.Shape.Length == 0)
        {
            return call.Own(Native.H5Screate(H5Dataspace.Scalar));
        }

        // -1 is H5S_UNLIMITED.
        fixed (long* shape = spec.Shape)
        fixed (long* max = spec.MaxShape)
        {
            return call.Own(Native.H5Screate_simple(spec.Shape.Length, (ulong*)shape, (ulong*)max));
        }
    }

    private static void AddFilter(long creation, H5Filter filter, Call call)
    {
        if (Native.H5Zfilter_avail(filter.Id) <= 0)
        {
            throw call.Error(H5Dataset.MissingPlugin(filter));
        }

        fixed (uint* values = filter.Values)
        {
            call.Ok(Native.H5Pset_filter(creation, filter.Id, filter.Optional ? 1u : 0, (nuint)(filter.Values?.Length ?? 0), values));
        }
    }
}
