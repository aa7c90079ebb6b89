using System.Diagnostics;
using OrcaSong.Images;
using OrcaSong.Output;
using OrcaSong.Running;
using Xunit;

namespace OrcaSong.Tests.Outputs;

public sealed class OutputClaimTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Target => _folder["out.h5"];

    private string Lock => Target + OutputClaim.Suffix;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OneHasIt()
    {
        using (OutputClaim.Take(Target))
        {
            var error = Assert.Throws<OutputInUseException>(() => OutputClaim.Take(Target));
            Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
            using var other = OutputClaim.Take(_folder["other.h5"]);
        }

        OutputClaim.Take(Target).Dispose();
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void OfManyAtOnceOneGetsIt()
    {
        for (var round = 0; round < 20; round++)
        {
            Claim("another machine\n1\nx\n1\n", minutes: 60);
            var claims = new OutputClaim?[8];
            Parallel.For(0, claims.Length, i =>
            {
                try
                {
                    claims[i] = OutputClaim.Take(Target);
                }
                catch (OutputInUseException)
                {
                    // as it should be
                }
            });
            Assert.Single(claims, c => c is not null);
            claims.Single(c => c is not null)!.Dispose();
            Assert.Empty(_folder.Names);
        }
    }

    [Fact]
    public void ThatOfAKilledProcessCountsNoMore()
    {
        using var sleeper = Process.Start(Sleep())!;
        var start = ProcessMark.IsRunning(sleeper.Id);
        Assert.True(start);
        Claim($"{ProcessMark.Machine}\n{sleeper.Id}\nanother start\n1\n");
        _ = Leave($".{sleeper.Id}-1.partial");
        using (var claim = OutputClaim.Take(Target))
        {
            Assert.Contains("Removed 'out.h5.", Assert.Single(claim.Notes), StringComparison.Ordinal);
        }

        sleeper.Kill();
        sleeper.WaitForExit();
        Assert.False(ProcessMark.IsRunning(sleeper.Id));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void ThatOfAnotherMachineCountsUntilItIsNotRenewed()
    {
        Claim("another machine\n1\nx\n1\n");
        _ = Leave(".1-1.partial");
        Assert.Contains("process 1 on another)", Assert.Throws<OutputInUseException>(() => OutputClaim.Take(Target)).Message, StringComparison.Ordinal);
        Claim("another machine\n1\nx\n1\n", minutes: 11);
        using var claim = OutputClaim.Take(Target);
        Assert.Contains("Delete it if that run is dead", Assert.Single(claim.Notes), StringComparison.Ordinal);
        Assert.Equal(["out.h5.1-1.partial", "out.h5.lock.partial"], _folder.Names);
    }

    /// <summary>What a killed run has left is told, but does not change what is made: the same bytes as if nothing had happened.</summary>
    [Fact]
    public void AnOutputDoesNotDependOnWhatAKilledRunHasLeft()
    {
        new TestFile(3, 2).Write(_folder["in.h5"]);
        var binner = new FileBinner([new BinAxis("pos_z", [0, 25, 50])]);
        var runner = new Runner(1);
        runner.Run(binner, _folder["in.h5"], Target);
        var clean = File.ReadAllBytes(Target);
        _ = Leave(".999999999-1.partial");
        Assert.Contains("Removed", Assert.Single(runner.Run(binner, _folder["in.h5"], Target, overwrite: true).Warnings), StringComparison.Ordinal);
        Assert.Equal(clean, File.ReadAllBytes(Target));
    }

    [Fact]
    public void LeftoversOfTheSameOutputAreRemovedAndNoOthers()
    {
        var dead = Dead();
        foreach (var name in new[] { $".{dead}-1.partial", $".events{dead}-12.partial", $".{dead}-1.partial.txt", ".2.h5.1-1.partial", "2.1-1.partial", $"x.{dead}-1.partial" })
        {
            _ = Leave(name);
        }

        Directory.CreateDirectory(_folder[$"out.h5.{dead}-3.partial"]);
        using (var claim = OutputClaim.Take(Target))
        {
            Assert.Equal(3, claim.Notes.Count);
        }

        Assert.Equal(4, _folder.Names.Length);
    }

    [Fact]
    public void ARunReportsWhatItRemoves()
    {
        var input = new TestFile(3, 4).Write(_folder["in.h5"]);
        var binner = new FileBinner([BinAxis.Uniform("time", 0, 50, 10)]);
        _ = Leave($".{Dead()}-1.partial");
        using (OutputClaim.Take(Target))
        {
            Assert.Throws<OutputInUseException>(() => new Runner(1).Run(binner, input, Target));
        }

        _ = Leave($".{Dead()}-1.partial");
        Assert.Contains("which a run that was killed had left", Assert.Single(new Runner(1).Run(binner, input, Target).Warnings), StringComparison.Ordinal);
        Assert.Equal(["in.h5", "out.h5"], _folder.Names);
    }

    private static ProcessStartInfo Sleep() => OperatingSystem.IsWindows() ? new("timeout", "60") : new("sleep", "60");

    private static int Dead()
    {
        using var process = Process.Start(Sleep())!;
        process.Kill();
        process.WaitForExit();
        return process.Id;
    }

    private string Leave(string suffix)
    {
        File.WriteAllText(Target + suffix, "half");
        return suffix;
    }

    private void Claim(string holder, int minutes = 0)
    {
        File.WriteAllText(Lock, holder);
        File.SetLastWriteTimeUtc(Lock, DateTime.UtcNow.AddMinutes(-minutes));
    }
}
