using System.Management.Automation;

namespace OrcaSong.PowerShell.Commands;

/// <summary>What commands have in common that work on files: how the files are given.</summary>
public abstract class FilesCommand : StoppableCommand
{
    private protected const string FromPath = "Path";
    private protected const string FromLiteralPath = "LiteralPath";

    /// <summary>Files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files; wildcards are taken as they stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The files that were given; each that cannot be used is an error.</summary>
    /// <param name="kind">What they are.</param>
    private protected IReadOnlyList<string> Files(string kind = "event file") =>
        ParameterSetName == FromPath ? Inputs(Path, literal: false, kind) : Inputs(LiteralPath, literal: true, kind);
}
