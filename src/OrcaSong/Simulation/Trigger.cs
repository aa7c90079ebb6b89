namespace OrcaSong.Simulation;

/// <summary>Decides which triggers an event sets off and which hits take part, from the grades of its hits.</summary>
internal static class Trigger
{
    // Bits of Jpp's trigger mask.
    private const ulong Shower = 1 << 1;
    private const ulong MixedShower = 1 << 2;
    private const ulong Muon = 1 << 4;

    private const int CoincidencesForShower = 4;
    private const int CoincidencesForMuon = 10;
    private const double SinglesShare = 0.8;

    /// <summary>
    /// Replaces the <see cref="HitGrade"/> of each hit by its trigger bits. Since an event is in the file because it was triggered, at
    /// least one hit has a bit if there are hits at all.
    /// </summary>
    /// <param name="hits">The grades; on return the trigger bits.</param>
    /// <param name="tot">Time over threshold of the hits.</param>
    /// <param name="random">The event's random numbers.</param>
    /// <returns>The trigger mask of the event, and the number of hits with a bit.</returns>
    public static (ulong Mask, int Hits) Apply(Span<ulong> hits, ReadOnlySpan<uint> tot, EventRandom random)
    {
        int coincident = hits.Count((ulong)HitGrade.Coincident);
        ulong all = MixedShower
            | (coincident >= CoincidencesForShower ? Shower : 0)
            | (coincident >= CoincidencesForMuon ? Muon : 0);
        ulong mask = 0;
        int triggered = 0;
        foreach (ref ulong hit in hits)
        {
            hit = (HitGrade)hit switch
            {
                HitGrade.Coincident => all,
                HitGrade.Single when random.Chance(SinglesShare) => MixedShower,
                _ => 0,
            };
            mask |= hit;
            triggered += hit == 0 ? 0 : 1;
        }

        if (triggered == 0 && hits.Length > 0)
        {
            int largest = 0;
            for (int hit = 1; hit < hits.Length; hit++)
            {
                largest = tot[hit] > tot[largest] ? hit : largest;
            }

            hits[largest] = MixedShower;
            return (MixedShower, 1);
        }

        return (mask, triggered);
    }
}
