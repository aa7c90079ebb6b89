using System.Management.Automation;
using System.Management.Automation.Language;
using OrcaSong.Running;
using OrcaSong.Slurm;

namespace OrcaSong.PowerShell;

/// <summary>Gives the work of a command to a cluster.</summary>
internal static class SlurmSubmission
{
    /// <summary>Submits work, and emits the job.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Its work.</param>
    /// <param name="options">How it is submitted.</param>
    internal static void Submit(PSCmdlet command, SlurmWork work, SlurmOptions options)
    {
        try
        {
            if (SlurmJobs.FolderOfThisMachine([options.Folder, .. work.Inputs, .. work.Files.SelectMany(f => new[] { f.Input, f.Output })]) is { } folder)
            {
                command.WriteWarning($"'{folder}' is on this machine only, as a rule: the nodes of a cluster do not see it. Use a file system that all nodes share.");
            }

            command.WriteObject(SlurmJobs.Submit(work, options));
        }
        catch (SlurmException e) when (e.Problem == SlurmProblem.Missing)
        {
            command.WriteError(Failures.Record($"{e.Message} To do it on this machine instead: {LocalCommand(command.MyInvocation)}", "SlurmNotFound", ErrorCategory.ResourceUnavailable, null));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            command.WriteError(Failures.Record(e, options.Folder));
        }
    }

    /// <summary>Refuses an output that is there already, before the work is submitted.</summary>
    /// <param name="output">Full path of the output.</param>
    /// <param name="overwrite">Whether it may be replaced.</param>
    internal static void CheckTarget(string output, bool overwrite)
    {
        if (!overwrite && File.Exists(output))
        {
            throw new OutputExistsException(output);
        }
    }

    /// <summary>The command as it was written, without the parameter that gives it to a cluster.</summary>
    private static string LocalCommand(InvocationInfo invocation)
    {
        const string Parameter = "Slurm";
        var text = invocation.Line;
        var commands = Parser.ParseInput(text, out _, out _).FindAll(a => a is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>();
        var removed = commands.SelectMany(c => c.CommandElements.Zip(c.CommandElements.Skip(1).Append(null)))
            .Where(e => e.First is CommandParameterAst { ParameterName: var name } && name.Equals(Parameter, StringComparison.OrdinalIgnoreCase))
            .Select(e => (Start: e.First.Extent.StartOffset, End: ((e.First as CommandParameterAst)!.Argument is null ? e.Second ?? e.First : e.First).Extent.EndOffset))
            .OrderByDescending(r => r.Start).ToArray();
        foreach (var (start, end) in removed)
        {
            text = text.Remove(start, end - start).Insert(start, string.Empty);
        }

        return removed.Length > 0 ? string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) : $"leave -{Parameter} out.";
    }
}
