using System.Management.Automation;

namespace OrcaSong.PowerShell.Commands;

/// <summary>What commands have in common that show what is in files: how the files are given.</summary>
public abstract class ShowFilesCommand : ShowCommand
{
    private protected const string FromPath = "Path";
    private protected const string FromLiteralPath = "LiteralPath";

    /// <summary>The files to show. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files to show, with wildcards taken as they stand. Files of <c>Get-ChildItem</c> bind to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The files that were given; each that cannot be used is an error.</summary>
    /// <param name="kind">What they are.</param>
    private protected IReadOnlyList<string> Files(string kind) =>
        ParameterSetName == FromPath ? Inputs(Path, literal: false, kind) : Inputs(LiteralPath, literal: true, kind);
}
