using System.Globalization;

namespace OrcaSong.Detectors;

/// <summary>Where the origin of the detector's coordinates lies on Earth (the UTM line of .detx v2 and later).</summary>
/// <param name="Ellipsoid">The reference ellipsoid, such as <c>WGS84</c>.</param>
/// <param name="Zone">The UTM zone, such as <c>32N</c>.</param>
/// <param name="Easting">Metres.</param>
/// <param name="Northing">Metres.</param>
/// <param name="Z">Metres above sea level, negative below.</param>
public sealed record UtmReference(string Ellipsoid, string Zone, double Easting, double Northing, double Z)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"UTM {Ellipsoid} {Zone}, easting {Easting:0.#} m, northing {Northing:0.#} m, z {Z:0.#} m");
}
