using System.Management.Automation;
using OrcaSong.Configuration.Toml;
using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Hdf5;
using OrcaSong.Labels;
using OrcaSong.Output;
using OrcaSong.Plots;
using OrcaSong.Running;
using OrcaSong.Slurm;
using OrcaSong.Statistics;
using OrcaSong.Training;

namespace OrcaSong.PowerShell;

/// <summary>Makes every error record of the module: the identifier and the category that scripts can rely on, and a message without .NET's additions.</summary>
internal static class Failures
{
    /// <summary>The record for an exception of the engine.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="target">What it went wrong with: usually the path of the input.</param>
    internal static ErrorRecord Record(Exception exception, object? target)
    {
        var (id, category) = Kind(exception, target as string);
        return new ErrorRecord(exception, id, category, target) { ErrorDetails = new ErrorDetails(Text(exception)) };
    }

    /// <summary>A record for something that was found wrong before the engine saw it.</summary>
    internal static ErrorRecord Record(string message, string id, ErrorCategory category, object? target) =>
        new(new ArgumentException(message), id, category, target);

    /// <summary>A record for an exception that is no single one of the engine.</summary>
    internal static ErrorRecord Record(Exception exception, string id, ErrorCategory category, object? target) => new(exception, id, category, target);

    private static (string Id, ErrorCategory Category) Kind(Exception exception, string? input) => exception switch
    {
        HdfLibraryNotFoundException => ("Hdf5LibraryNotFound", ErrorCategory.ResourceUnavailable),
        EventFileException e => e.Problem switch
        {
            EventFileProblem.NotAnEventFile => ("NotAnEventFile", ErrorCategory.InvalidData),
            EventFileProblem.OldFormat => ("FormatTooOld", ErrorCategory.InvalidData),
            EventFileProblem.MissingData => ("MissingData", ErrorCategory.InvalidData),
            EventFileProblem.WrongDetector => ("WrongDetector", ErrorCategory.InvalidData),
            EventFileProblem.NoSuchEvent => ("IndexOutOfRange", ErrorCategory.InvalidArgument),
            _ => ("InvalidEventData", ErrorCategory.InvalidData),
        },
        H5Exception e => e.Problem switch
        {
            H5Problem.NotFound => ("InputNotFound", ErrorCategory.ObjectNotFound),
            H5Problem.IsFolder => ("InputIsFolder", ErrorCategory.InvalidArgument),
            H5Problem.NotHdf5 => ("NotAnEventFile", ErrorCategory.InvalidData),
            H5Problem.NoPermission => ("AccessDenied", ErrorCategory.PermissionDenied),
            _ when e.FilePath == input => ("CannotReadInput", ErrorCategory.ReadError),
            _ => ("CannotWriteOutput", ErrorCategory.WriteError),
        },
        EventCodeException => ("EventCodeFailed", ErrorCategory.InvalidResult),
        DetectorFormatException => ("InvalidDetectorFile", ErrorCategory.InvalidData),
        TomlException => ("InvalidConfiguration", ErrorCategory.InvalidData),
        GnuplotException e => e.IsMissing ? ("GnuplotNotFound", ErrorCategory.ResourceUnavailable) : ("DrawingFailed", ErrorCategory.InvalidResult),
        DifferentAxesException => ("DifferentAxes", ErrorCategory.InvalidData),
        SlurmException e => e.Problem switch
        {
            SlurmProblem.Missing => ("SlurmNotFound", ErrorCategory.ResourceUnavailable),
            SlurmProblem.Refused => ("SlurmRefused", ErrorCategory.InvalidArgument),
            SlurmProblem.NoAnswer => ("SlurmNoAnswer", ErrorCategory.ConnectionError),
            _ => ("NotASlurmJob", ErrorCategory.ObjectNotFound),
        },
        OutputExistsException => ("OutputExists", ErrorCategory.ResourceExists),
        OutputInUseException => ("OutputInUse", ErrorCategory.ResourceBusy),
        InvalidFilesException => ("InvalidFile", ErrorCategory.InvalidData),
        InvalidOutputException => ("InvalidOutput", ErrorCategory.InvalidArgument),
        DirectoryNotFoundException => ("OutputFolderNotFound", ErrorCategory.ObjectNotFound),
        FileNotFoundException => ("DetectorFileNotFound", ErrorCategory.ObjectNotFound),
        UnauthorizedAccessException => ("AccessDenied", ErrorCategory.PermissionDenied),
        ArgumentException => ("InvalidOptions", ErrorCategory.InvalidArgument),
        InvalidDataException => ("InvalidData", ErrorCategory.InvalidData),
        IOException => ("CannotWriteOutput", ErrorCategory.WriteError),
        _ => ("Unexpected", ErrorCategory.NotSpecified),
    };

    // .NET adds the names of parameters of ours, which mean nothing at the prompt.
    internal static string Text(Exception exception)
    {
        if (exception is OutputExistsException exists)
        {
            return $"The output '{exists.Path}' exists already. Use -Force to replace it, or give the output another name.";
        }

        var parameter = exception is ArgumentException ? exception.Message.IndexOf(" (Parameter '", StringComparison.Ordinal) : -1;
        return parameter < 0 ? exception.Message : exception.Message[..parameter];
    }
}
