using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using OrcaSong.Hdf5;
using Xunit;

namespace OrcaSong.Tests.Hdf5;

/// <summary>What concerns the whole process: these tests run while no other does.</summary>
[CollectionDefinition(nameof(ProcessTests), DisableParallelization = true)]
[Collection(nameof(ProcessTests))]
public sealed unsafe partial class ProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheLibraryTellsWhatItIs()
    {
        Assert.True(HdfLibrary.Version >= HdfLibrary.OldestVersion);
        Assert.True(!OperatingSystem.IsLinux() || File.Exists(HdfLibrary.Path), HdfLibrary.Path);
    }

    [Fact]
    public void NoIdentifierIsLeftOpen()
    {
        UseEverything();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = OpenIdentifiers();
        for (var i = 0; i < 3; i++)
        {
            UseEverything();
        }

        Assert.Equal(before, OpenIdentifiers());
    }

    [Fact]
    public void DisposingEverythingInAFileLeavesTheFileOnly()
    {
        using var file = H5File.Create(_folder["x.h5"]);
        using (var data = file.Root.CreateGroup("g").CreateDataset("x", new H5DatasetSpec { Type = H5Type.Int8, Shape = [1] }))
        {
            data.Attributes.WriteFixedString("a", "b");
            Assert.Equal(2, OpenObjects());
        }

        Assert.Equal(["x"], file.Root.OpenGroup("g").Names);
        Assert.Equal(1, OpenObjects());

        nint OpenObjects()
        {
            using var scope = HdfLibrary.Enter();
            const uint all = 0x1f;
            return Native.H5Fget_obj_count(file.Id, all);
        }
    }

    [Fact]
    public void NothingIsPrinted()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("the test redirects file descriptor 2 as on Linux");
        }

        using (var log = File.OpenHandle(_folder["stderr"], FileMode.Create, FileAccess.Write))
        {
            var kept = Dup(2);
            Assert.True(Dup2((int)log.DangerousGetHandle(), 2) >= 0);
            try
            {
                Fail();
                var thread = new Thread(Fail);
                thread.Start();
                thread.Join();
            }
            finally
            {
                _ = Dup2(kept, 2);
                _ = Close(kept);
            }
        }

        Assert.Equal(string.Empty, File.ReadAllText(_folder["stderr"]));

        void Fail()
        {
            using var file = H5File.Create(_folder["fail.h5"], overwrite: true);
            Assert.Throws<H5Exception>(() => file.Root.OpenDataset("none"));
            Assert.Throws<H5Exception>(() => file.Root.Attributes.WriteFixedString("x", new string('x', 70_000)));
            using var scope = HdfLibrary.Enter();
            Assert.True(Native.H5Dopen2(file.Id, "none", Native.Default) < 0);
        }
    }

    [Theory]
    [InlineData("none.so", "it does not exist")]
    [InlineData("", "there is no HDF5 library in that folder")]
    [InlineData("text.so", "it cannot be loaded")]
    public void TheEnvironmentVariableIsObeyed(string name, string problem)
    {
        _ = HdfLibrary.Version; // loaded in this process before the variable is set
        File.WriteAllText(_folder["text.so"], "text");
        var message = Assert.IsType<TargetInvocationException>(Record.Exception(() => VersionInNewContext(_folder[name]))).InnerException!.Message;
        Assert.Contains($"ORCASONG_HDF5 names '{_folder[name]}', but {problem}", message, StringComparison.Ordinal);
        Assert.Contains("install", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheEnvironmentVariableMayNameAFileOrAFolder()
    {
        var path = HdfLibrary.Path;
        if (!Path.IsPathRooted(path))
        {
            Assert.Skip("this system does not tell where the library is");
        }

        Assert.Equal(HdfLibrary.Version, VersionInNewContext(path));
        var name = OperatingSystem.IsWindows() ? "hdf5.dll" : OperatingSystem.IsMacOS() ? "libhdf5.dylib" : "libhdf5.so";
        File.CreateSymbolicLink(_folder[name], path);
        Assert.Equal(HdfLibrary.Version, VersionInNewContext(Path.GetDirectoryName(_folder[name])!));
    }

    [Fact]
    public void AnOlderLibraryIsRefused()
    {
        const string compiler = "/usr/bin/cc";
        if (!OperatingSystem.IsLinux() || !File.Exists(compiler))
        {
            Assert.Skip("there is no C compiler to make an old library with");
        }

        _ = HdfLibrary.Version;
        File.WriteAllText(_folder["old.c"], "int H5get_libversion(unsigned *a, unsigned *b, unsigned *c) { *a = 1; *b = 8; *c = 20; return 0; }");
        using (var process = System.Diagnostics.Process.Start(compiler, ["-shared", "-fPIC", "-o", _folder["old.so"], _folder["old.c"]]))
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }

        var message = Assert.IsType<TargetInvocationException>(Record.Exception(() => VersionInNewContext(_folder["old.so"]))).InnerException!.Message;
        Assert.Contains("is version 1.8.20; 1.10.3 or later is needed", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ID=debian\n", "apt-get install libhdf5-103-1")]
    [InlineData("NAME=x\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "apt-get install libhdf5-103-1")]
    [InlineData("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "dnf install hdf5")]
    [InlineData("", "conda install hdf5")]
    public void TheInstallCommandSuitsTheSystem(string osRelease, string command) =>
        Assert.Contains(command, LibraryLocations.LinuxInstallCommand(osRelease), StringComparison.Ordinal);

    private static Version VersionInNewContext(string variable)
    {
        // A second copy of the assembly has not loaded the library yet.
        var context = new AssemblyLoadContext(null);
        Environment.SetEnvironmentVariable(HdfLibrary.EnvironmentVariable, variable);
        try
        {
            var library = context.LoadFromAssemblyPath(typeof(HdfLibrary).Assembly.Location).GetType(typeof(HdfLibrary).FullName!)!;
            return (Version)library.GetProperty(nameof(HdfLibrary.Version))!.GetValue(null)!;
        }
        finally
        {
            Environment.SetEnvironmentVariable(HdfLibrary.EnvironmentVariable, null);
        }
    }

    private static string OpenIdentifiers()
    {
        using var scope = HdfLibrary.Enter();
        var library = NativeLibrary.Load(HdfLibrary.Path);
        var count = (delegate* unmanaged[Cdecl]<int, ulong*, int>)NativeLibrary.GetExport(library, "H5Inmembers");
        return string.Join(' ', Enumerable.Range(1, 9).Select(kind =>
        {
            ulong n = 0;
            return count(kind, &n) < 0 ? -1 : (long)n;
        }));
    }

    private void UseEverything()
    {
        using (var file = H5File.Create(_folder["all.h5"], overwrite: true))
        {
            var group = file.Root.CreateGroup("g");
            group.Attributes.WriteFixedString("a", "text");
            group.Attributes.WriteVariableString("b", "text");
            group.Attributes.WriteBoolean("c", true);
            using var x = group.CreateDataset("x", new H5DatasetSpec
            {
                Type = H5Type.Compound([("a", H5Type.Bool), ("b", H5Type.Array(H5Type.Float16, [2])), ("c", H5Type.FixedString(3))]),
                Shape = [2],
                MaxShape = [-1],
                ChunkShape = [2],
                Filters = [H5Filter.Fletcher32],
            });
            x.SetLength(3);
            x.Write<byte>(new byte[24]);
            using var y = group.CreateDataset("y", new H5DatasetSpec { Type = H5Type.VariableString(), Shape = [2] });
            y.WriteStrings(["a", "b"]);
            group.Attributes.CopyTo("b", y.Attributes);
        }

        using (var file = H5File.OpenRead(_folder["all.h5"]))
        {
            var group = file.Root.OpenGroup("g");
            Assert.Equal(["a", "b", "c"], group.Attributes.Names);
            Assert.All(group.Attributes.Names, n => Assert.NotNull(group.Attributes.Read(n)));
            using var x = group.OpenDataset("x");
            x.ReadAll<byte>();
            x.ReadChunk([0], new byte[100], out _);
            using var y = group.OpenDataset("y");
            Assert.Equal(["a", "b"], y.ReadStrings());
            Assert.Throws<H5Exception>(() => group.OpenDataset("z"));
            Assert.Throws<H5Exception>(() => group.CreateGroup("z"));
            Assert.Throws<H5Exception>(() => x.SetLength(9));
        }
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Dup(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
