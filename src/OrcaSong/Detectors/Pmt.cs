namespace OrcaSong.Detectors;

/// <summary>A PMT line of a .detx file.</summary>
internal readonly record struct Pmt(int Id, Position Position, Position Direction, double T0, int Status);
