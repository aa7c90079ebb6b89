namespace OrcaSong.Output;

/// <summary>A dataset of an output file that is filled chunk by chunk.</summary>
internal interface IOutputPart : IDisposable
{
    /// <summary>Path of the dataset in the file.</summary>
    string Path { get; }

    /// <summary>Rows appended so far.</summary>
    long RowCount { get; }

    /// <summary>Hands over what is not yet a full chunk; nothing is appended afterwards.</summary>
    void Finish();

    /// <summary>Writes attributes that are known only now, when all chunks are in the file.</summary>
    void Complete();
}
