using System.Globalization;

namespace OrcaSong.Running;

/// <summary>
/// The limits of the control groups that this process is in, version 1 or 2: those of its own group and of all above it, since batch systems set them for the job
/// and leave the groups of its steps alone.
/// </summary>
/// <remarks>cgroups(7), proc(5); Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst of Linux.</remarks>
internal sealed class ControlGroup
{
    private readonly string _root;
    private readonly List<Mount> _mounts = [];
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);

    /// <summary>Looks up the groups; none where there are no control groups.</summary>
    /// <param name="root">What stands for the root folder.</param>
    internal ControlGroup(string root = "/")
    {
        _root = root;
        try
        {
            ReadGroups(File.ReadAllLines(Path.Combine(root, "proc/self/cgroup")));
            ReadMounts(File.ReadAllLines(Path.Combine(root, "proc/self/mountinfo")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another system, or one without control groups.
        }
    }

    /// <summary>The least limit of memory, in bytes.</summary>
    internal long? Memory => Least("memory", "memory.max", "memory.limit_in_bytes", (folder, name) => Number(folder, name)) is { } bytes ? (long)bytes : null;

    /// <summary>The least share of processors' time, in processors.</summary>
    internal double? Processors => Least("cpu", "cpu.max", "cpu.cfs_quota_us", Share);

    private double? Least(string controller, string unified, string single, Func<string, string, double?> read)
    {
        var limits = Folders(string.Empty).Select(f => read(f, unified)).Concat(Folders(controller).Select(f => read(f, single)));
        return limits.Where(l => l is > 0).Min();
    }

    /// <summary>The folder of the group and those above it.</summary>
    /// <param name="controller">A controller of version 1; empty for version 2.</param>
    private IEnumerable<string> Folders(string controller)
    {
        if (!_groups.TryGetValue(controller, out var group) || _mounts.FirstOrDefault(m => m.Has(controller)) is not { Point: { } point } mount)
        {
            yield break;
        }

        // In containers the part of the tree that is mounted begins somewhere below its root, and groups are named from that root or from there.
        var below = mount.Root.Length > 1 && group.StartsWith(mount.Root, StringComparison.Ordinal) ? group[mount.Root.Length..] : group;
        for (var path = below.Trim('/'); ; path = Path.GetDirectoryName(path) ?? string.Empty)
        {
            yield return Path.Combine(_root, point.TrimStart('/'), path);
            if (path.Length == 0)
            {
                yield break;
            }
        }
    }

    // Lines such as 4:memory:/slurm/job_1 of version 1, 0::/system.slice of version 2.
    private void ReadGroups(string[] lines)
    {
        foreach (var fields in lines.Select(l => l.Split(':', 3)).Where(f => f.Length == 3))
        {
            foreach (var controller in fields[1].Split(','))
            {
                _groups[controller] = fields[2];
            }
        }
    }

    // 30 23 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
    private void ReadMounts(string[] lines)
    {
        foreach (var (before, after) in lines.Select(l => l.Split(" - ", 2)).Where(l => l.Length == 2).Select(l => (l[0].Split(' '), l[1].Split(' '))))
        {
            if (before.Length >= 5 && after.Length >= 3 && after[0] is "cgroup" or "cgroup2")
            {
                _mounts.Add(new Mount(before[3], before[4], after[0] == "cgroup2", after[2].Split(',')));
            }
        }
    }

    private static double? Number(string folder, string name) =>
        Text(folder, name) is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Quota by period: in one file in version 2 ("max 100000" for no limit), in two files in version 1 (-1 for no limit).</summary>
    private static double? Share(string folder, string name)
    {
        if (name == "cpu.max")
        {
            return Text(folder, name)?.Split(' ') is [var quota, var period] && double.TryParse(quota, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                ? time / double.Parse(period, CultureInfo.InvariantCulture)
                : null;
        }

        return Number(folder, name) / Number(folder, "cpu.cfs_period_us");
    }

    private static string? Text(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Mount(string Root, string Point, bool IsUnified, string[] Options)
    {
        internal bool Has(string controller) => controller.Length == 0 ? IsUnified : !IsUnified && Options.Contains(controller);
    }
}
