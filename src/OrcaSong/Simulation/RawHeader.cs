using System.Globalization;

namespace OrcaSong.Simulation;

/// <summary>The table raw_header: what the generators say about the run, one parameter a row, as km3pipe stores it.</summary>
internal static class RawHeader
{
    public static SimulatedTable Create(SimulationOptions options, SimulatedDetector detector)
    {
        double top = detector.Bottom + detector.Height + 60;
        double radius = detector.Radius + 60;
        double generated = Math.Max(1, options.Events) * 100.0;
        List<(string Parameter, string Fields, string Values)> rows =
        [
            ("DAQ", "livetime", Text(0.2 * options.Events)),
            ("can", "zmin zmax r", Text(0, top, radius)),
            ("coord_origin", "x y z", Text(0, 0, 0)),
            ("seed", "program level iseed", $"simulation None {options.Seed}"),
            ("simul", "program version", "orcasong 1"),
            ("start_run", "run_id", Text(options.RunId)),
        ];
        if (options.Kind == SimulatedEventKind.Neutrino)
        {
            rows.AddRange(
            [
                ("cut_nu", "Emin Emax cosTmin cosTmax", Text(1, 10_000, -1, 1)),
                ("fixedcan", "xcenter ycenter zmin zmax radius", Text(0, 0, 0, top, radius)),
                ("genvol", "zmin zmax r volume numberOfEvents", Text(0, top, radius, Math.PI * radius * radius * top, generated)),
                ("spectrum", "alpha", Text(-2.5)),
            ]);
        }
        else if (options.Kind == SimulatedEventKind.Muon)
        {
            rows.AddRange(
            [
                ("cut_in", "Emin Emax cosTmin cosTmax", Text(10, 500_000, -1, 0)),
                ("livetime", "numberOfSeconds errorOfSeconds", Text(0.2 * options.Events, 0)),
            ]);
        }

        rows.Sort((a, b) => string.CompareOrdinal(a.Parameter, b.Parameter));
        var table = new SimulatedTable("raw_header", "RawHeader");
        table.TextColumn("dtype", rows.Select(row => TypesOf(row.Values)));
        table.TextColumn("field_names", rows.Select(row => row.Fields));
        table.TextColumn("field_values", rows.Select(row => row.Values));
        table.TextColumn("parameter", rows.Select(row => row.Parameter));
        return table;
    }

    private static string Text(params ReadOnlySpan<double> values)
    {
        var texts = new List<string>();
        foreach (double value in values)
        {
            texts.Add(value.ToString("0.###", CultureInfo.InvariantCulture));
        }

        return string.Join(' ', texts);
    }

    /// <summary>A type a value: f4 for a number, aN for text of N characters.</summary>
    private static string TypesOf(string values) => string.Join(
        ' ',
        values.Split(' ').Select(value => double.TryParse(value, CultureInfo.InvariantCulture, out _) ? "f4" : $"a{value.Length}"));
}
