namespace OrcaSong.Hdf5;

/// <summary>What is being done to which object of which file: turns the library's status codes into exceptions that say so.</summary>
/// <param name="Operation">A verb, such as <c>read</c>, to follow "cannot".</param>
/// <param name="FilePath">The file.</param>
/// <param name="ObjectPath">The object in it, or <see langword="null"/>.</param>
internal readonly record struct Call(string Operation, string FilePath, string? ObjectPath = null)
{
    /// <summary>Checks a status or a truth value: negative is failure.</summary>
    internal int Ok(int status) => status < 0 ? throw Failure() : status;

    /// <summary>Checks an identifier that somebody else will close.</summary>
    internal long Id(long id) => id < 0 ? throw Failure() : id;

    /// <summary>Checks an identifier that the caller disposes.</summary>
    internal NativeId Own(long id) => new(Id(id));

    /// <summary>The exception for the call that failed last on this thread.</summary>
    internal H5Exception Failure()
    {
        var lines = ErrorStack.Take();
        return new H5Exception(Operation, FilePath, ObjectPath, ErrorStack.Reason(lines), lines);
    }

    /// <summary>An exception with a reason of our own.</summary>
    internal H5Exception Error(string reason, H5Problem problem = H5Problem.Other) => new(Operation, FilePath, ObjectPath, reason, problem: problem);
}
