namespace OrcaSong.Simulation;

/// <summary>One row of mc_tracks.</summary>
internal readonly record struct McTrack(int Id, int PdgId, double Energy, Vector Position, Vector Direction, double Time, double Length);

/// <summary>What happened in one event; one object is filled again for every event. Times count from the MC event's own zero.</summary>
internal sealed class EventTruth
{
    public List<McTrack> Tracks { get; } = [];

    public List<LightSource> Sources { get; } = [];

    public double BjorkenY { get; set; }

    public bool IsChargedCurrent { get; set; }

    public void Clear()
    {
        Tracks.Clear();
        Sources.Clear();
        BjorkenY = 0;
        IsChargedCurrent = false;
    }

    public void AddTrack(McTrack track, bool shines)
    {
        Tracks.Add(track);
        if (shines)
        {
            Sources.Add(new(track.Position, track.Direction, track.Time, track.Length, track.Energy, track.Id));
        }
    }
}
