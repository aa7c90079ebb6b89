using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

public sealed class GroupTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FindsWhatH5pyMade()
    {
        Tool.H5py(
            """
            f = h5py.File(sys.argv[1], 'w')
            f['g/inner/data'] = np.arange(3)
            f['soft'] = h5py.SoftLink('/g/inner')
            f['dangling'] = h5py.SoftLink('/nowhere')
            f['circle'] = h5py.SoftLink('/circle')
            f['external'] = h5py.ExternalLink('absent.h5', '/x')
            f['g/up'] = f['g']
            f['type'] = np.dtype('int32')
            """,
            _folder["x.h5"]);
        using var file = H5File.OpenRead(_folder["x.h5"]);
        var root = file.Root;
        Assert.Equal(["circle", "dangling", "external", "g", "soft", "type"], root.Names);
        Assert.Equal(
            [H5ObjectKind.Unresolved, H5ObjectKind.Unresolved, H5ObjectKind.Unresolved, H5ObjectKind.Group, H5ObjectKind.Group, H5ObjectKind.NamedType],
            root.Names.Select(root.KindOf));
        Assert.Equal(H5ObjectKind.Dataset, root.KindOf("g/inner/data"));
        Assert.Equal(H5ObjectKind.Unresolved, root.KindOf("absent"));
        Assert.Equal(
            [true, true, true, true, true, false, false, false, false, false, false],
            new[] { "/", "g", "/g/inner/data", "soft/data", "g/up/up/inner", "dangling", "circle", "external", "g/none/data", "g/inner/data/x", "dangling/x" }.Select(root.Contains));
        using (var data = root.OpenGroup("soft").OpenDataset("data"))
        {
            Assert.Equal("/soft/data", data.Path);
            Assert.Equal([0, 1, 2], data.ReadAll<long>());
        }

        Assert.Equal("/g/inner", root.OpenGroup("g/inner").OpenGroup("/g//./inner/").Path);
    }

    [Fact]
    public void OpeningSaysWhatIsThere()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        file.Root.CreateGroup("g");
        using var x = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int8, Shape = [] });
        Check("open", "/g", "it is a group, not a dataset", () => file.Root.OpenDataset("g"));
        Check("open", "/x", "it is a dataset, not a group", () => file.Root.OpenGroup("x"));
        Check("open", "/g/no", "it does not exist, or its link leads nowhere", () => file.Root.OpenGroup("g").OpenGroup("no"));
        Check("create group", "/g", "there is an object of that name", () => file.Root.CreateGroup("g"));
        Check("create dataset", "/g", "there is an object of that name", () => file.Root.CreateDataset("g", new H5DatasetSpec { Type = H5Type.Int8, Shape = [] }));
        Assert.Throws<ArgumentException>(() => file.Root.CreateGroup(string.Empty));
        Assert.Throws<ArgumentException>(() => file.Root.CreateGroup("a\0b"));

        void Check(string operation, string path, string reason, Action action)
        {
            var e = Assert.Throws<H5Exception>(action);
            Assert.Equal($"cannot {operation} {path} in '{file.Path}': {reason}", e.Message);
            Assert.Equal((operation, file.Path, path), (e.Operation, e.FilePath, e.ObjectPath));
        }
    }

    [Fact]
    public void ManyAndLongNamesAreInOrder()
    {
        string[] names = [.. Enumerable.Range(0, 300).Select(i => $"n{i:000}{new string('x', i)}")];
        using var file = H5File.Create(_folder["x.h5"]);
        foreach (var name in names.Reverse())
        {
            file.Root.CreateGroup(name);
        }

        Assert.Equal(names, file.Root.Names);
    }
}
