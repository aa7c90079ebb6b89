namespace OrcaSong.Slurm;

/// <summary>What went wrong with Slurm.</summary>
public enum SlurmProblem
{
    /// <summary>There is no Slurm on this machine.</summary>
    Missing,

    /// <summary>Slurm refused what was asked of it; the message is its own.</summary>
    Refused,

    /// <summary>Slurm does not answer.</summary>
    NoAnswer,

    /// <summary>A folder is no job folder, or what is in it cannot be read.</summary>
    NoJob,
}

/// <summary>A job cannot be submitted, asked for or stopped.</summary>
public sealed class SlurmException : IOException
{
    internal SlurmException(SlurmProblem problem, string message, Exception? inner = null)
        : base(message, inner) => Problem = problem;

    /// <summary>What went wrong.</summary>
    public SlurmProblem Problem { get; }
}
