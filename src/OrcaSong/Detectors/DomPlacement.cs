namespace OrcaSong.Detectors;

/// <summary>
/// A module's own position, orientation and time offset (.detx v4 and later). The positions and directions of its PMTs in the
/// file include them already, so that nothing here enters the calibration of hits.
/// </summary>
/// <param name="Position">The module's position.</param>
/// <param name="Q0">The real part of the orientation quaternion.</param>
/// <param name="Qx">Its x part.</param>
/// <param name="Qy">Its y part.</param>
/// <param name="Qz">Its z part.</param>
/// <param name="T0">The module's time offset, ns.</param>
public sealed record DomPlacement(Position Position, double Q0, double Qx, double Qy, double Qz, double T0);
