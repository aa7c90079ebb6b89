using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OrcaSong.Batch;

namespace OrcaSong.Training.Splitting;

/// <summary>
/// Writes the lists of a split, and job scripts that merge and shuffle their files, with upstream's names: <c>conc_list_files/NAME_SET_I.txt</c>,
/// <c>job_scripts/concatenate_h5_NAME_SET_I.sh</c> and <c>job_scripts/shuffle_h5_NAME_SET_I.sh</c>; jobs write to <c>data_split/NAME_SET_I.h5</c>.
/// </summary>
public sealed record DataSplitWriter
{
    private const string Lists = "conc_list_files";
    private const string Scripts = "job_scripts";
    private const string Logs = "logs";
    private const string Merged = "data_split";
    private const string Temporary = ".partial";
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // h5py and others read lists as UTF-8 without a mark.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Folder for lists and scripts, as scripts are to name it.</summary>
    public required string Folder { get; init; }

    /// <summary>What names of lists begin with.</summary>
    public required string Name { get; init; }

    /// <summary>The folder that a relative one is relative to; the current folder if <see langword="null"/>.</summary>
    public string? BaseFolder { get; init; }

    /// <summary>What job scripts are to hold; <see langword="null"/> for no scripts.</summary>
    public JobOptions? Jobs { get; init; }

    /// <summary>Whether lists and scripts of an earlier split of this name are replaced; those that this split has no counterpart for are deleted.</summary>
    public bool Overwrite { get; init; }

    private string Written => Folder.Length > 1 ? Folder.TrimEnd('/') : Folder;

    /// <summary>Full path of the folder.</summary>
    public string FullPath => Path.GetFullPath(Folder, BaseFolder ?? Environment.CurrentDirectory);

    /// <summary>Refuses what cannot be written, before any file is read for it.</summary>
    /// <param name="sets">The names of the sets.</param>
    /// <exception cref="DataSplitException">The name cannot be part of a file's name, or lists of an earlier split of this name exist.</exception>
    /// <exception cref="ArgumentException">An option of jobs is not what the batch system takes.</exception>
    public void Check(IReadOnlyList<string> sets)
    {
        if (!SetNames.IsFileNamePart(Name))
        {
            throw new DataSplitException(new SplitProblem(
                SplitProblemKind.InvalidConfiguration, $"'{Printable.Line(Name)}' cannot be the name of a split, as it becomes part of files' names: expected letters, digits, '_', '-' and the like."));
        }

        _ = MakeScripts();
        if (!Overwrite && Earlier(sets) is { Length: > 0 } old)
        {
            throw new DataSplitException(new SplitProblem(
                SplitProblemKind.OutputExists,
                string.Create(CultureInfo.InvariantCulture, $"'{FullPath}' has {old.Length} {(old.Length == 1 ? "file" : "files")} of an earlier split of this name ('{Path.GetRelativePath(FullPath, old[0])}'); allow overwriting, or give another folder or name."),
                FullPath));
        }
    }

    /// <summary>Writes a split: all of it, or nothing.</summary>
    /// <param name="split">The split.</param>
    /// <returns>The same with the paths of lists and scripts.</returns>
    /// <exception cref="DataSplitException">As for <see cref="Check"/>.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Check"/>.</exception>
    /// <exception cref="IOException">A file or folder cannot be written.</exception>
    public DataSplit Write(DataSplit split)
    {
        Check(split.Sets);
        var files = new List<(string Path, string Text)>();
        var parts = Compose(split, files);
        var old = Earlier(split.Sets);
        foreach (var folder in Jobs is null ? [Lists] : new[] { Lists, Logs, Scripts, Merged })
        {
            Directory.CreateDirectory(Path.Combine(FullPath, folder));
        }

        Replace(files, old);
        return split with { Parts = parts };
    }

    private List<DataSplitPart> Compose(DataSplit split, List<(string Path, string Text)> files)
    {
        var scripts = MakeScripts();
        var (parts, pairs) = (new List<DataSplitPart>(), new List<(string, string)>());
        foreach (var part in split.Parts)
        {
            var stem = string.Create(CultureInfo.InvariantCulture, $"{Name}_{part.Set}_{part.Part}");
            var (list, merged) = ($"{Lists}/{stem}.txt", $"{Merged}/{stem}.h5");
            files.Add((Full(list), string.Concat(part.Files.Select(f => f.Path + "\n"))));
            if (scripts is null)
            {
                parts.Add(part with { ListFile = Full(list) });
                continue;
            }

            var (concatenate, shuffle) = ($"concatenate_h5_{stem}", $"shuffle_h5_{stem}");
            var (first, second) = ($"{Scripts}/{concatenate}.sh", $"{Scripts}/{shuffle}.sh");
            files.Add((Full(first), scripts.Concatenate(concatenate, $"{Written}/{list}", $"{Written}/{merged}")));
            files.Add((Full(second), scripts.Shuffle(shuffle, $"{Written}/{merged}")));
            pairs.Add(($"{Written}/{first}", $"{Written}/{second}"));
            parts.Add(part with { ListFile = Full(list), JobScripts = new[] { Full(first), Full(second) } });
        }

        if (scripts is not null && Jobs!.Scheduler != Scheduler.None)
        {
            files.Add((Full($"{Scripts}/submit_{Name}.sh"), scripts.Submit(pairs)));
        }

        return parts;
    }

    private JobScripts? MakeScripts() => Jobs is null ? null : new JobScripts(Jobs, $"{Written}/{Logs}");

    private string Full(string relative) => Path.Combine(FullPath, relative);

    /// <summary>Lists and scripts of an earlier split of the same name and sets.</summary>
    private string[] Earlier(IReadOnlyList<string> sets)
    {
        var stem = $"{Regex.Escape(Name)}_(?:{string.Join('|', sets.Select(Regex.Escape))})_[0-9]+";
        var pattern = new Regex($@"\A(?:{stem}\.txt|(?:concatenate|shuffle)_h5_{stem}\.sh|submit_{Regex.Escape(Name)}\.sh)\z", RegexOptions.CultureInvariant);
        return [.. new[] { Lists, Scripts }.Select(Full).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles)
            .Where(f => pattern.IsMatch(Path.GetFileName(f))).Order(StringComparer.Ordinal)];
    }

    /// <summary>Writes all files under temporary names first, so that what can fail fails before anything is replaced.</summary>
    private static void Replace(List<(string Path, string Text)> files, string[] old)
    {
        try
        {
            foreach (var (path, text) in files)
            {
                File.WriteAllText(path + Temporary, text, Utf8);
                if (path.EndsWith(".sh", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path + Temporary, Executable);
                }
            }

            foreach (var (path, _) in files)
            {
                File.Move(path + Temporary, path, overwrite: true);
            }
        }
        catch
        {
            foreach (var (path, _) in files)
            {
                File.Delete(path + Temporary);
            }

            throw;
        }

        foreach (var path in old.Except(files.Select(f => f.Path), StringComparer.Ordinal))
        {
            File.Delete(path);
        }
    }
}
