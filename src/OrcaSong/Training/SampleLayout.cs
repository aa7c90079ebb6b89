using System.Globalization;
using OrcaSong.Events;
using OrcaSong.Hdf5;

namespace OrcaSong.Training;

/// <summary>
/// What a file holds that is made of others: the datasets of the first, as far as the others agree. All that keeps the others from agreeing
/// is found before anything is written.
/// </summary>
internal static class SampleLayout
{
    private const int MostNames = 8;

    /// <summary>Compares a file with the first one.</summary>
    /// <param name="first">The first file.</param>
    /// <param name="other">Another file.</param>
    /// <param name="columns">What becomes of columns that not all files have.</param>
    /// <returns>Where they disagree; nothing if they can be merged.</returns>
    internal static IEnumerable<FileProblem> Compare(SampleFile first, SampleFile other, ColumnChoice columns)
    {
        FileProblem Problem(string? dataset, string expected, string found) => new(other.Path, dataset, expected, found);

        foreach (var dataset in first.Datasets)
        {
            if (other.Find(dataset.Name) is not { } its)
            {
                if (columns != ColumnChoice.Common || dataset.Role != SampleRole.PerEvent || !dataset.IsTable)
                {
                    yield return Problem(dataset.Name, $"a dataset, as in '{first.Path}'", $"none among {string.Join(", ", other.Datasets.Select(d => d.Name))}");
                }

                continue;
            }

            if (its.Role != dataset.Role || !its.RowShape.SequenceEqual(dataset.RowShape))
            {
                yield return Problem(dataset.Name, $"{Describe(dataset)}, as in '{first.Path}'", Describe(its));
                continue;
            }

            var different = dataset.Meaning.Keys.Union(its.Meaning.Keys).Where(a => dataset.Meaning.GetValueOrDefault(a) != its.Meaning.GetValueOrDefault(a)).ToList();
            if (different.Count > 0)
            {
                yield return Problem(dataset.Name, $"{Attributes(dataset, different)}, as in '{first.Path}'", Attributes(its, different));
            }

            foreach (var (expected, found) in CompareTypes(dataset.Type, its.Type, columns))
            {
                yield return Problem(dataset.Name, $"{expected}, as in '{first.Path}'", found);
            }
        }

        if (columns != ColumnChoice.Common && other.Datasets.Where(d => first.Find(d.Name) is null).Select(d => d.Name).ToList() is { Count: > 0 } extra)
        {
            yield return Problem(null, $"the datasets of '{first.Path}' ({string.Join(", ", first.Datasets.Select(d => d.Name))})", $"also {string.Join(", ", extra)}");
        }
    }

    /// <summary>The datasets of the merged file.</summary>
    /// <param name="files">The files; they agree.</param>
    /// <param name="columns">What becomes of columns that not all files have.</param>
    internal static IReadOnlyList<SampleDataset> Merge(IReadOnlyList<SampleFile> files, ColumnChoice columns) =>
    [
        .. files[0].Datasets
            .Where(d => files.All(f => f.Find(d.Name) is not null))
            .Select(d => d with
            {
                Type = d.IsTable ? MergeTypes([.. files.Select(f => f.Find(d.Name)!.Type).Distinct()], columns) : d.Type,
                Shape = [files.Sum(f => f.Find(d.Name)!.RowCount), .. d.RowShape],
            }),
    ];

    private static IEnumerable<(string Expected, string Found)> CompareTypes(H5Type mine, H5Type theirs, ColumnChoice columns)
    {
        if (mine.Class != H5Class.Compound || theirs.Class != H5Class.Compound)
        {
            if (!mine.Equals(theirs))
            {
                yield return ($"elements of type {mine}", theirs.ToString());
            }

            yield break;
        }

        var (expected, found) = (Columns(mine), Columns(theirs));
        if (columns == ColumnChoice.Same && !expected.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(found.Keys))
        {
            var missing = expected.Keys.Except(found.Keys).ToList();
            var extra = found.Keys.Except(expected.Keys).ToList();
            yield return ("the columns", string.Join("; ", ((string[])[Listed("no ", missing), Listed("also ", extra)]).Where(t => t.Length > 0)));
        }

        if (!expected.Keys.Any(found.ContainsKey))
        {
            yield return ($"at least one of the columns {Listed(string.Empty, [.. expected.Keys])}", Listed(string.Empty, [.. found.Keys]));
        }

        foreach (var name in expected.Keys.Where(found.ContainsKey))
        {
            var (a, b) = (expected[name], found[name]);
            var canMeet = columns != ColumnChoice.Same && NumberTypes.Of(a) is not null && NumberTypes.Of(b) is not null;
            if (!a.Equals(b) && !canMeet)
            {
                yield return ($"the column {name} of type {a}", b.ToString());
            }
        }
    }

    private static H5Type MergeTypes(IReadOnlyList<H5Type> tables, ColumnChoice choice)
    {
        if (tables.Count == 1)
        {
            return tables[0];
        }

        var all = tables.Select(Columns).ToList();
        var names = choice == ColumnChoice.All
            ? all.SelectMany(t => t.Keys).Distinct(StringComparer.Ordinal)
            : all[0].Keys.Where(name => all.All(t => t.ContainsKey(name)));
        return H5Type.Compound([.. names.Select(name => (name, MergeColumn(name, all)))]);
    }

    private static H5Type MergeColumn(string name, List<Dictionary<string, H5Type>> tables)
    {
        var types = tables.Select(t => t.GetValueOrDefault(name)).ToList();
        var type = types.First(t => t is not null)!;
        var isWhole = NumberTypes.Of(type)?.IsInteger() == true && name != SampleWriter.GroupIdColumn;
        var differ = types.Any(t => t is not null && !t.Equals(type));
        return differ || (isWhole && types.Contains(null)) ? H5Type.Float64 : type;
    }

    private static Dictionary<string, H5Type> Columns(H5Type table) => table.Members.ToDictionary(m => m.Name, m => m.Type, StringComparer.Ordinal);

    private static string Listed(string what, List<string> names) => names.Count == 0
        ? string.Empty
        : what + string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNames} more") : string.Empty);

    private static string Attributes(SampleDataset dataset, IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"{name} {dataset.Meaning.GetValueOrDefault(name) ?? "absent"}"));

    private static string Describe(SampleDataset dataset)
    {
        var row = string.Join(" x ", dataset.RowShape);
        return $"{(row.Length == 0 ? "a table" : $"rows of {row} {dataset.Type}")}{(dataset.Role == SampleRole.Indexed ? ", any number for each event" : string.Empty)}";
    }
}
