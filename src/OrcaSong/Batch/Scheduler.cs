namespace OrcaSong.Batch;

/// <summary>Batch systems.</summary>
public enum Scheduler
{
    /// <summary>None: scripts that are run as they are, or submitted with directives on the command line.</summary>
    None,

    /// <summary>Slurm (<c>sbatch</c>).</summary>
    Slurm,

    /// <summary>Torque and other kinds of PBS (<c>qsub</c>).</summary>
    Torque,
}
