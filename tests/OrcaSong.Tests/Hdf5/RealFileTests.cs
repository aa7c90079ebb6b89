using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

public sealed class RealFileTests
{
    [Fact]
    public void EveryObjectOfEveryFileCanBeRead()
    {
        var files = Directory.GetFiles(Shared.Path("data"), "*.h5", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        var datasets = 0;
        foreach (var path in files)
        {
            using var file = H5File.OpenRead(path);
            datasets += ReadGroup(file.Root);
        }

        Assert.True(datasets > 10 * files.Length, $"{datasets} datasets");
    }

    [Fact]
    public void SumsAgreeWithH5py()
    {
        var path = Shared.Path("data", "neutrino_file.h5");
        using var file = H5File.OpenRead(path);
        Assert.Equal("5.1", file.Root.Attributes.GetString("format_version"));
        using var time = file.Root.OpenDataset("hits/time");
        using var dom = file.Root.OpenGroup("hits").OpenDataset("dom_id");
        var sums = FormattableString.Invariant($"{time.ReadAll<double>().Max()} {dom.ReadAll<int>().Sum(d => (long)d)} {time.Attributes.GetString("TITLE")}");
        Assert.Equal(
            sums,
            Tool.H5py("f = h5py.File(sys.argv[1]); print(int(f['hits/time'][:].max()), f['hits/dom_id'][:].astype('i8').sum(), f['hits/time'].attrs['TITLE'].decode())", path));
    }

    private static int ReadGroup(H5Group group)
    {
        var datasets = 0;
        ReadAttributes(group);
        foreach (var name in group.Names)
        {
            if (group.KindOf(name) == H5ObjectKind.Group)
            {
                datasets += ReadGroup(group.OpenGroup(name));
                continue;
            }

            datasets++;
            using var data = group.OpenDataset(name);
            ReadAttributes(data);
            if (data.Filters.Any(f => f.Id > H5Filter.ScaleOffsetId))
            {
                continue; // needs a plug-in, which not every machine has
            }

            if (data.Type.Class is H5Class.String or H5Class.VariableString)
            {
                Assert.DoesNotContain(null, data.ReadStrings());
            }
            else
            {
                var rows = Math.Min(data.Length, 1000);
                var bytes = new byte[data.Type.Size * data.Shape.Skip(1).Aggregate(rows, (n, m) => n * m)];
                data.Read<byte>(bytes, data.Length - rows, rows);
            }
        }

        return datasets;
    }

    private static void ReadAttributes(H5Object owner)
    {
        foreach (var name in owner.Attributes.Names)
        {
            Assert.NotNull(owner.Attributes.Read(name));
        }
    }
}
