using System.Globalization;

namespace OrcaSong.Simulation;

/// <summary>
/// A detector of the shape of ORCA: detection units on a hexagonal grid, DOMs of 31 PMTs on them. It depends on the geometry and
/// <see cref="SimulationOptions.DetectorId"/> only. All numbers are rounded to the three decimals of its .detx file, so that what is
/// read back from the file is exactly what the events were made with.
/// </summary>
public sealed class SimulatedDetector
{
    /// <summary>Number of PMTs of a DOM.</summary>
    public const int PmtsPerDom = 31;

    private const double DomRadius = 0.2;
    private const double HeightOfFirstFloor = 30;

    // The smallest and largest DOM identifiers of ORCA and ARCA lie this far apart.
    private const int LowestDomId = 806_451_572;
    private const int HighestDomId = 809_544_061;

    // Cosines of the zenith angles of the five rings of six PMTs; the 31st looks straight down.
    private static readonly double[] RingCosines = [0.555, 0.295, -0.295, -0.555, -0.85];

    private readonly int[] _domIds;

    /// <summary>Builds the detector that <paramref name="options"/> describe.</summary>
    public SimulatedDetector(SimulationOptions options)
    {
        Id = options.DetectorId;
        DetectionUnits = options.DetectionUnits;
        FloorsPerUnit = options.FloorsPerUnit;

        var random = new EventRandom(options.DetectorId, options.DetectionUnits, options.FloorsPerUnit);
        _domIds = DrawDomIds(DomCount, random);
        DomPositions = new Vector[DomCount];
        PmtPositions = new Vector[PmtCount];
        PmtDirections = new Vector[PmtCount];
        PmtT0 = new double[PmtCount];
        var units = UnitGrid(DetectionUnits, options.UnitSpacing);
        for (int dom = 0; dom < DomCount; dom++)
        {
            int unit = dom / FloorsPerUnit;
            int floor = dom % FloorsPerUnit;
            PlaceDom(dom, units[unit] + new Vector(0, 0, HeightOfFirstFloor + (floor * options.FloorSpacing)), random);

            // Cable delays grow with the unit and the floor; PMTs differ by some ns (figures of ORCA6's detector file).
            double domT0 = 207_000 + (215 * unit) + (57 * floor) + (5 * random.Gauss());
            for (int channel = 0; channel < PmtsPerDom; channel++)
            {
                PmtT0[(dom * PmtsPerDom) + channel] = Math.Round(domT0 + (2 * random.Gauss()), 3);
            }
        }

        Radius = units.Max(unit => unit.Length) + (0.5 * options.UnitSpacing);
        Bottom = HeightOfFirstFloor;
        Height = (FloorsPerUnit - 1) * options.FloorSpacing;
    }

    /// <summary>Identifier of the detector (det_id).</summary>
    public int Id { get; }

    /// <summary>Number of detection units, numbered from 1.</summary>
    public int DetectionUnits { get; }

    /// <summary>Number of floors of a detection unit, numbered from 1 at the bottom.</summary>
    public int FloorsPerUnit { get; }

    /// <summary>Number of DOMs.</summary>
    public int DomCount => DetectionUnits * FloorsPerUnit;

    /// <summary>Number of PMTs; their identifiers (pmt_id) are 1 to this number, in the order of the .detx file.</summary>
    public int PmtCount => DomCount * PmtsPerDom;

    /// <summary>Identifiers of the DOMs, unit by unit, from the lowest floor upwards.</summary>
    public IReadOnlyList<int> DomIds => _domIds;

    /// <summary>Radius in m of the instrumented cylinder, whose axis is x = y = 0.</summary>
    internal double Radius { get; }

    /// <summary>Height in m of the lowest floor above the sea bed.</summary>
    internal double Bottom { get; }

    /// <summary>Height in m of the instrumented cylinder.</summary>
    internal double Height { get; }

    internal Vector Centre => new(0, 0, Bottom + (Height / 2));

    internal Vector[] DomPositions { get; }

    /// <summary>Positions of the PMTs, 31 a DOM in the order of the channels; likewise the next two.</summary>
    internal Vector[] PmtPositions { get; }

    internal Vector[] PmtDirections { get; }

    internal double[] PmtT0 { get; }

    /// <summary>Writes the detector file, DETX version 3. The same detector gives the same text on every machine.</summary>
    public void WriteDetx(TextWriter writer)
    {
        var culture = CultureInfo.InvariantCulture;
        writer.Write("# simulated detector\n");
        writer.Write(string.Create(culture, $"{Id} v3\n"));
        writer.Write("0.0 9999999999.0\n");
        writer.Write("UTM WGS84 32N 256500.000 4743000.000 -2440.000\n");
        writer.Write(string.Create(culture, $"{DomCount}\n"));
        for (int dom = 0; dom < DomCount; dom++)
        {
            writer.Write(string.Create(culture, $"{_domIds[dom]} {(dom / FloorsPerUnit) + 1} {(dom % FloorsPerUnit) + 1} {PmtsPerDom}\n"));
            for (int pmt = dom * PmtsPerDom; pmt < (dom + 1) * PmtsPerDom; pmt++)
            {
                var (x, y, z) = PmtPositions[pmt];
                var (dx, dy, dz) = PmtDirections[pmt];
                writer.Write(string.Create(culture, $" {pmt + 1} {x:F3} {y:F3} {z:F3} {dx:F3} {dy:F3} {dz:F3} {PmtT0[pmt]:F3} 0\n"));
            }

            writer.Write('\n');
        }
    }

    /// <summary>Writes the detector file to a path, over what is there.</summary>
    /// <exception cref="ArgumentException">The name does not end in <c>.detx</c>, by which km3pipe knows detector files.</exception>
    public void Save(string path)
    {
        CheckName(path);
        using var writer = new StreamWriter(path);
        WriteDetx(writer);
    }

    internal static void CheckName(string path)
    {
        if (!path.EndsWith(".detx", StringComparison.Ordinal))
        {
            throw new ArgumentException($"The name of a detector file must end in .detx, but is '{path}'.", nameof(path));
        }
    }

    private void PlaceDom(int dom, Vector centre, EventRandom random)
    {
        DomPositions[dom] = centre;
        double heading = random.Uniform(0, 2 * Math.PI);
        for (int channel = 0; channel < PmtsPerDom; channel++)
        {
            int ring = channel / 6;
            var direction = ring == RingCosines.Length
                ? new Vector(0, 0, -1)
                : Vector.FromAngles(RingCosines[ring], heading + (Math.PI / 3 * ((channel % 6) + (0.5 * (ring % 2)))));
            int pmt = (dom * PmtsPerDom) + channel;
            PmtPositions[pmt] = (centre + (direction * DomRadius)).Rounded(3);
            PmtDirections[pmt] = direction.Rounded(3);
        }
    }

    /// <summary>Unique identifiers in no order, as those of real DOMs are.</summary>
    private static int[] DrawDomIds(int count, EventRandom random)
    {
        var ids = new int[count];
        int id = LowestDomId;
        int step = (HighestDomId - LowestDomId) / count;
        for (int dom = 0; dom < count; dom++)
        {
            ids[dom] = id + random.Below(step);
            id += step;
        }

        for (int last = count - 1; last > 0; last--)
        {
            int other = random.Below(last + 1);
            (ids[last], ids[other]) = (ids[other], ids[last]);
        }

        return ids;
    }

    /// <summary>
    /// The grid points nearest to the centre, each off by up to a twentieth of the spacing, as anchors on the sea bed are.
    /// </summary>
    private static Vector[] UnitGrid(int count, double spacing)
    {
        var random = new EventRandom(0, 0, 0);
        int rings = (int)Math.Ceiling(Math.Sqrt(count)) + 1;
        var points =
            from i in Enumerable.Range(-rings, (2 * rings) + 1)
            from j in Enumerable.Range(-rings, (2 * rings) + 1)
            let point = new Vector(i + (0.5 * j), Math.Sqrt(0.75) * j, 0)
            orderby Math.Round(point.Length, 6), Math.Atan2(point.Y, point.X)
            select new Vector((point.X + random.Uniform(-0.05, 0.05)) * spacing, (point.Y + random.Uniform(-0.05, 0.05)) * spacing, 0);
        return [.. points.Take(count)];
    }
}
