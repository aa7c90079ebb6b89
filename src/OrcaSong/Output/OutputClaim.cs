using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrcaSong.Output;

/// <summary>
/// The right to make an output, which one job has at a time: a file beside it, <c>NAME.lock.partial</c>, that says who has it. Whoever gets
/// it also removes what killed jobs have left there.
/// </summary>
/// <remarks>
/// The file is created exclusively, which network file systems (NFS 3 and later) do as well; locks of the system are not to be relied on there. It
/// stays behind when its process is killed: then it counts no more as soon as that process is not running, on the same machine; one of another
/// machine, when it was not renewed for some minutes. Should two jobs run all the same, each still writes a file of its own, and gives it
/// the output's name when it is whole.
/// </remarks>
internal sealed partial class OutputClaim : IDisposable
{
    internal const string Suffix = ".lock" + OutputFile.TemporarySuffix;

    // Times are those of the file system, which clocks of machines may differ from.
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Expiry = TimeSpan.FromMinutes(10);
    private const int FileExists = 17; // EEXIST
    private const int FileExistsOnWindows = unchecked((int)0x80070050);
    private const int MostAttempts = 200;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static int _taken;
    private readonly string _target;
    private readonly string _file;
    private readonly string _holder;
    private readonly List<string> _notes = [];
    private Timer? _renewal;

    private OutputClaim(string target)
    {
        _target = Path.GetFullPath(target);
        _file = _target + Suffix;
        _holder = string.Create(
            CultureInfo.InvariantCulture, $"{ProcessMark.Machine}\n{Environment.ProcessId}\n{ProcessMark.Start}\n{Interlocked.Increment(ref _taken)}\n");
    }

    /// <summary>What was left there by other jobs, and what was done about it.</summary>
    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>Takes it.</summary>
    /// <param name="target">Path of the output: a file or a folder; the folder that it is in exists.</param>
    /// <exception cref="OutputInUseException">Another job has it.</exception>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    internal static OutputClaim Take(string target)
    {
        var claim = new OutputClaim(target);
        try
        {
            claim.Take();
        }
        catch (UnauthorizedAccessException e)
        {
            throw OutputFile.CannotWrite(claim._target, "permission denied", e);
        }
        catch (Exception e) when (e is IOException and not OutputInUseException)
        {
            throw OutputFile.CannotWrite(claim._target, e.Message, e);
        }

        claim._renewal = new Timer(_ => claim.Renew(), null, Renewal, Renewal);
        return claim;
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        using (var done = new ManualResetEvent(false))
        {
            if (_renewal?.Dispose(done) == true)
            {
                done.WaitOne();
            }
        }

        try
        {
            if (ReadHolder(_file) == _holder)
            {
                File.Delete(_file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It counts no more when this process ends.
        }
    }

    private void Take()
    {
        var expired = false;
        var killed = new List<int>();
        for (var attempt = 0; !TryCreate(_file); attempt++)
        {
            var holder = ReadHolder(_file);
            if (holder is null)
            {
                continue; // given back just now
            }

            if (attempt > MostAttempts || !IsVoid(holder, out expired))
            {
                throw new OutputInUseException(_target, _file, holder);
            }

            if (!expired)
            {
                killed.Add(Number(holder));
            }

            Break(holder);
        }

        RemoveLeftovers(expired, killed);
    }

    private bool TryCreate(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException e) when (e.HResult is FileExists or FileExistsOnWindows)
        {
            return false;
        }

        try
        {
            file.Write(Encoding.UTF8.GetBytes(_holder));
            file.Dispose();
            return true;
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            file.Dispose();
        }
    }

    /// <summary>Who has it; <see langword="null"/> if nobody has.</summary>
    private static string? ReadHolder(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static int Number(string holder) =>
        holder.Split('\n') is [_, var number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private bool IsVoid(string holder, out bool expired)
    {
        expired = false;
        if (holder == _holder)
        {
            return false;
        }

        if (holder.Split('\n') is [var machine, _, var start, _, ..] && machine == ProcessMark.Machine && Number(holder) is > 0 and var id)
        {
            return !ProcessMark.IsRunning(id, start);
        }

        // Another machine, or killed before it was written.
        expired = AgeOf(_file) > (holder.Length == 0 ? Moment : Expiry);
        return expired;
    }

    /// <summary>
    /// Takes away a claim that counts no more. One at a time does so: the second would take away what somebody has put in its place meanwhile.
    /// </summary>
    private void Break(string holder)
    {
        var breaking = $"{_target}.break{OutputFile.TemporarySuffix}";
        if (!TryCreate(breaking))
        {
            if (File.Exists(breaking) && AgeOf(breaking) > Moment)
            {
                File.Delete(breaking); // killed just then
            }

            Thread.Sleep(Pause);
            return;
        }

        try
        {
            if (ReadHolder(_file) == holder)
            {
                File.Delete(_file);
            }
        }
        finally
        {
            File.Delete(breaking);
        }
    }

    /// <summary>How long ago a file was written, by the clock of the file system.</summary>
    private TimeSpan AgeOf(string file)
    {
        var probe = OutputFile.TemporaryName(_target, "clock");
        try
        {
            File.WriteAllBytes(probe, []);
            var written = new FileInfo(file);
            return written.Exists ? File.GetLastWriteTimeUtc(probe) - written.LastWriteTimeUtc : TimeSpan.Zero;
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private void Renew()
    {
        try
        {
            if (ReadHolder(_file) == _holder)
            {
                using var file = new FileStream(_file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                file.Write(Encoding.UTF8.GetBytes(_holder));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next time, or never: the output is safe without.
        }
    }

    /// <summary>Removes what jobs for this output have left that were killed: whoever is at work on it has the claim, and that is this job.</summary>
    private void RemoveLeftovers(bool expired, List<int> killed)
    {
        var name = Path.GetFileName(_target);
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_target)!, "*" + OutputFile.TemporarySuffix))
        {
            var file = Path.GetFileName(path);
            if (!file.StartsWith(name + ".", StringComparison.Ordinal) || LeftoverName().Match(file, name.Length) is not { Success: true } match)
            {
                continue;
            }

            // Without the claim, or with one of another machine, it cannot be known whether the process is another one of the same number.
            var id = int.Parse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            if (expired || (id != Environment.ProcessId && !killed.Contains(id) && ProcessMark.IsRunning(id)))
            {
                _notes.Add($"Beside the output lies '{file}', which another run has left, or is still writing. Delete it if that run is dead.");
                continue;
            }

            try
            {
                if (Directory.Exists(path))
                {
                    Directory.Delete(path, recursive: true);
                }
                else
                {
                    File.Delete(path);
                }

                _notes.Add($"Removed '{file}', which a run that was killed had left.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _notes.Add($"'{file}', which a run that was killed has left, cannot be removed: {e.Message}");
            }
        }
    }

    [GeneratedRegex(@"\G\.[a-z]*(?<id>[0-9]{1,9})-[0-9]+\.partial$", RegexOptions.CultureInvariant)]
    private static partial Regex LeftoverName();
}

/// <summary>Another run is making the same output.</summary>
public sealed class OutputInUseException : IOException
{
    internal OutputInUseException(string path, string claim, string holder)
        : base($"The output '{path}' is being made by another run{Describe(holder)}. Wait until it is done, or give the output another name. If that run is dead, delete '{System.IO.Path.GetFileName(claim)}' beside it.") =>
        Path = path;

    /// <summary>Path of the output.</summary>
    public string Path { get; }

    private static string Describe(string holder) => holder.Split('\n') is [var machine, var id, ..] ? $" (process {id} on {machine.Split(' ')[0]})" : string.Empty;
}
