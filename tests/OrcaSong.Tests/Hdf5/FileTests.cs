using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

public sealed class FileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ANewFileHasTheEarliestFormat()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        {
            Assert.Equal("/", file.Root.Path);
            Assert.Empty(file.Root.Names);
            Assert.Empty(file.Root.Attributes.Names);
        }

        Assert.Equal(0, File.ReadAllBytes(_folder["x.h5"])[8]); // superblock version
    }

    [Fact]
    public void TheSameCallsMakeTheSameBytes()
    {
        Make(_folder["a.h5"]);
        Thread.Sleep(1100); // object times have a resolution of one second
        Make(_folder["b.h5"]);
        Assert.Equal(File.ReadAllBytes(_folder["a.h5"]), File.ReadAllBytes(_folder["b.h5"]));

        static void Make(string path)
        {
            using var file = H5File.Create(path);
            file.Root.Attributes.WriteVariableString("orcasong", "1");
            var group = file.Root.CreateGroup("g");
            using var data = group.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Float32, Shape = [3], MaxShape = [-1], ChunkShape = [2], Filters = [H5Filter.Deflate(1)] });
            data.Write<float>([1, 2, 3]);
            using var names = file.Root.CreateDataset("names", new H5DatasetSpec { Type = H5Type.VariableString(), Shape = [2] });
            names.WriteStrings(["a", "bc"]);
        }
    }

    [Fact]
    public void PathsMayHaveAnyCharacters()
    {
        var path = _folder["Größe μ 中.h5"];
        using (var file = H5File.Create(path))
        {
            file.Root.CreateGroup("Größe μ").CreateGroup("中");
            file.Root.Attributes.WriteFixedString("naïve", "ß");
        }

        using var again = H5File.OpenRead(path);
        Assert.Equal(["Größe μ"], again.Root.Names);
        Assert.Equal("/Größe μ/中", again.Root.OpenGroup("Größe μ/中").Path);
        Assert.Equal("ß", again.Root.Attributes.GetString("naïve"));
    }

    [Fact]
    public void CreateKeepsAFileThatIsThere()
    {
        H5File.Create(_folder["x.h5"]).Dispose();
        Assert.Equal($"cannot create '{_folder["x.h5"]}': it exists already", Assert.Throws<H5Exception>(() => H5File.Create(_folder["x.h5"])).Message);
        H5File.Create(_folder["x.h5"], overwrite: true).Dispose();
        Assert.EndsWith("its folder does not exist", Assert.Throws<H5Exception>(() => H5File.Create(_folder["no/x.h5"])).Message);
        Directory.CreateDirectory(_folder["folder"]);
        Assert.EndsWith("it is a folder", Assert.Throws<H5Exception>(() => H5File.Create(_folder["folder"], overwrite: true)).Message);
    }

    [Fact]
    public void OpenSaysWhatIsWrong()
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.WriteAllText(_folder["text.h5"], new string('x', 5000));
        File.WriteAllBytes(_folder["empty.h5"], []);
        Assert.Equal("it does not exist", Reason(_folder["none.h5"]));
        Assert.Equal("it is a folder", Reason(_folder["folder"]));
        Assert.Equal("not an HDF5 file", Reason(_folder["text.h5"]));
        Assert.Equal("not an HDF5 file (it is empty)", Reason(_folder["empty.h5"]));
        Assert.Equal("that is not a path", Reason(string.Empty));
    }

    [Fact]
    public void OpenSaysThatAFileIsTruncated()
    {
        using (var file = H5File.Create(_folder["whole.h5"]))
        using (var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int64, Shape = [10_000] }))
        {
            data.Write<long>(new long[10_000]);
        }

        var bytes = File.ReadAllBytes(_folder["whole.h5"]);
        File.WriteAllBytes(_folder["cut.h5"], bytes[..20_000]);
        Assert.Equal($"the file is truncated (it has 20000 of its {bytes.Length} bytes)", Reason(_folder["cut.h5"]));
        File.WriteAllBytes(_folder["stub.h5"], bytes[..40]);
        var stub = Assert.Throws<H5Exception>(() => H5File.OpenRead(_folder["stub.h5"]));
        Assert.Equal(("open", _folder["stub.h5"], null), (stub.Operation, stub.FilePath, stub.ObjectPath));
        Assert.NotEmpty(stub.LibraryErrors);
    }

    [Fact]
    public void OpenSaysThatPermissionIsMissing()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("the test sets permissions as on Unix");
            return;
        }

        Assert.SkipWhen(Environment.IsPrivilegedProcess, "permissions do not bind this user");
        H5File.Create(_folder["x.h5"]).Dispose();
        File.SetUnixFileMode(_folder["x.h5"], UnixFileMode.None);
        Assert.Equal("no permission to read it", Reason(_folder["x.h5"]));
        File.SetUnixFileMode(_folder["x.h5"], UnixFileMode.UserRead);
        Assert.EndsWith("no permission to change it", Assert.Throws<H5Exception>(() => H5File.OpenReadWrite(_folder["x.h5"])).Message);
    }

    [Theory]
    [InlineData("TREE", 0)] // the root group's B-tree
    [InlineData("HEAP", 0)] // its names
    [InlineData("SNOD", 0)] // its links
    [InlineData("TREE", 2)] // the dataset's chunks
    [InlineData("GCOL", 0)] // the text of a variable-length string
    public void DamageIsAnException(string signature, int occurrence)
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        {
            file.Root.Attributes.WriteVariableString("v", "text");
            using var data = file.Root.CreateGroup("g").CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int64, Shape = [100], ChunkShape = [10] });
            data.Write<long>(new long[100]);
        }

        var bytes = File.ReadAllBytes(_folder["x.h5"]);
        var at = -1;
        for (var i = 0; i <= occurrence; i++)
        {
            at += 1 + bytes.AsSpan(at + 1).IndexOf(System.Text.Encoding.ASCII.GetBytes(signature));
        }

        bytes[at] = (byte)'?';
        File.WriteAllBytes(_folder["x.h5"], bytes);
        var e = Assert.Throws<H5Exception>(() =>
        {
            using var file = H5File.OpenRead(_folder["x.h5"]);
            file.Root.Attributes.Read("v");
            using var data = file.Root.OpenGroup("g").OpenDataset("x");
            data.ReadAll<long>();
        });
        Assert.Contains(e.LibraryErrors.Count > 0 ? "signature" : "damaged", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DataBeyondTheEndOfTheFileAreAnException()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        using (var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int64, Shape = [1000], ChunkShape = [1000] }))
        {
            data.Write<long>(new long[1000]);
        }

        // The superblock's end-of-file address (specification II.A, version 0) is made to agree with the shorter file.
        var bytes = File.ReadAllBytes(_folder["x.h5"])[..^4000];
        BitConverter.TryWriteBytes(bytes.AsSpan(40), (long)bytes.Length);
        File.WriteAllBytes(_folder["x.h5"], bytes);
        using var cut = H5File.OpenRead(_folder["x.h5"]);
        using var x = cut.Root.OpenDataset("x");
        Assert.Equal($"cannot read /x in '{cut.Path}': the file is damaged or truncated (it refers to bytes beyond its end)", Assert.Throws<H5Exception>(() => x.ReadAll<long>()).Message);
        Assert.Throws<H5Exception>(() => x.ReadChunk([0], new byte[8000], out _));
    }

    [Fact]
    public void DisposedMeansDisposed()
    {
        var file = H5File.Create(_folder["x.h5"]);
        var group = file.Root.CreateGroup("g");
        var data = group.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int32, Shape = [1] });
        var other = group.CreateDataset("y", new H5DatasetSpec { Type = H5Type.Int32, Shape = [1] });
        data.Dispose();
        data.Dispose();
        Assert.Throws<ObjectDisposedException>(() => data.ReadAll<int>());
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.ReadAll<int>());
        Assert.Throws<ObjectDisposedException>(() => group.Names);
        Assert.Throws<ObjectDisposedException>(() => group.Contains("x"));
        Assert.Throws<ObjectDisposedException>(() => group.Attributes.Read("x"));
        Assert.Throws<ObjectDisposedException>(() => group.CreateGroup("x"));
        Assert.Throws<ObjectDisposedException>(file.Flush);
        other.Dispose();
    }

    [Fact]
    public void OneFileMayBeOpenTwice()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        using (var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int32, Shape = [2] }))
        {
            data.Write<int>([7, 8]);
        }

        using var first = H5File.OpenRead(_folder["x.h5"]);
        using var x = first.Root.OpenDataset("x");
        using (var second = H5File.OpenRead(_folder["x.h5"]))
        {
            second.Root.OpenDataset("x");
        }

        Assert.Equal([7, 8], x.ReadAll<int>());
        Assert.EndsWith("the file is open already, in another way", Assert.Throws<H5Exception>(() => H5File.OpenReadWrite(_folder["x.h5"])).Message);
    }

    [Fact]
    public void AFileForReadingIsNotChanged()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        using (var data = file.Root.CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int32, Shape = [2], MaxShape = [-1], ChunkShape = [2] }))
        {
        }

        var bytes = File.ReadAllBytes(_folder["x.h5"]);
        var again = H5File.OpenRead(_folder["x.h5"]);
        var x = again.Root.OpenDataset("x");
        Action[] changes =
        [
            () => x.Write<int>([1]),
            () => x.SetLength(5),
            () => x.WriteChunk([0], [1, 2, 3, 4, 5, 6, 7, 8]),
            () => x.Attributes.WriteFixedString("a", "b"),
            () => x.Attributes.Remove("a"),
            () => again.Root.CreateGroup("g"),
            () => again.Root.CreateDataset("y", new H5DatasetSpec { Type = H5Type.Int8, Shape = [] }),
        ];
        Assert.All(changes, c => Assert.EndsWith("the file is open for reading only", Assert.Throws<H5Exception>(c).Message));
        x.Dispose();
        again.Dispose();
        Assert.Equal(bytes, File.ReadAllBytes(_folder["x.h5"]));
    }

    [Fact]
    public void OpenReadWriteAddsToAFile()
    {
        using (var file = H5File.Create(_folder["x.h5"]))
        {
            file.Root.CreateGroup("a");
        }

        using (var file = H5File.OpenReadWrite(_folder["x.h5"]))
        {
            file.Root.CreateGroup("b");
        }

        using var again = H5File.OpenRead(_folder["x.h5"]);
        Assert.Equal(["a", "b"], again.Root.Names);
    }

    private static string Reason(string path)
    {
        var message = Assert.Throws<H5Exception>(() => H5File.OpenRead(path)).Message;
        var start = $"cannot open '{path}': ";
        Assert.StartsWith(start, message, StringComparison.Ordinal);
        return message[start.Length..];
    }
}
