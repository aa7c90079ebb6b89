using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using OrcaSong.Events;
using OrcaSong.PowerShell.Arguments;

namespace OrcaSong.PowerShell.Scripts;

/// <summary>
/// A script block that is called for each event, which it gets as its parameter and as <c>$_</c>. It runs on the thread of the pipeline, and
/// sees the variables and functions that were there where it was written. Every error in it ends it.
/// </summary>
internal sealed class EventScript(ScriptBlock script)
{
    private const int LongestLine = 100;
    private readonly Runspace? _home = Runspace.DefaultRunspace;

    /// <summary>Calls it as an extractor.</summary>
    /// <param name="e">The event.</param>
    /// <returns>The labels, or <see langword="null"/> where it gives nothing.</returns>
    /// <exception cref="EventScriptException">It fails, or gives something else than one dictionary.</exception>
    internal IDictionary? Extract(EventView e) => Invoke(e) switch
    {
        [] => null,
        [var one] => Labels(one),
        var many => throw new EventScriptException($"it gave {many.Count} objects; one dictionary of labels is expected, for instance @{{ energy = 1.5 }}. Are there commands in it whose output is not caught?"),
    };

    /// <summary>Calls it as an event skipper.</summary>
    /// <param name="e">The event.</param>
    /// <returns>Whether what it gives is true to PowerShell; nothing is not.</returns>
    /// <exception cref="EventScriptException">It fails.</exception>
    internal bool Skips(EventView e) => LanguagePrimitives.IsTrue(Invoke(e));

    private static IDictionary? Labels(PSObject? given)
    {
        switch (given?.BaseObject)
        {
            case null:
                return null;
            case IDictionary labels:
                return Plain(labels);
            case PSCustomObject:
                var row = new OrderedDictionary();
                foreach (var property in given.Properties)
                {
                    row.Add(property.Name, Argument.Value(property.Value));
                }

                return row;
            case var other:
                throw new EventScriptException($"it gave {Found(other)}; a dictionary of labels is expected, for instance @{{ energy = 1.5 }}.");
        }
    }

    /// <summary>The dictionary without PowerShell's wrapping. One without an order, <c>@{ }</c>, gets one: that of the names.</summary>
    private static OrderedDictionary Plain(IDictionary labels)
    {
        var names = new object[labels.Count];
        labels.Keys.CopyTo(names, 0);
        if (labels is Hashtable && names is [string, ..])
        {
            Array.Sort(names, static (a, b) => string.CompareOrdinal(a as string, b as string));
        }

        var plain = new OrderedDictionary(names.Length);
        foreach (var name in names)
        {
            plain.Add(Argument.Value(name)!, Argument.Value(labels[name]));
        }

        return plain;
    }

    private static string Found(object value) => value switch
    {
        string text => $"the text '{text}'",
        IConvertible => $"the value {Convert.ToString(value, CultureInfo.InvariantCulture)}",
        ICollection list => $"a collection of {list.Count} elements ({value.GetType().Name})",
        _ => $"an object of type {value.GetType().Name}",
    };

    private IList<PSObject> Invoke(EventView e)
    {
        // In a runspace that is not its own it would be sent to its own, which may be waiting for this one: ForEach-Object -Parallel.
        var called = Runspace.DefaultRunspace == _home ? script : ((ScriptBlockAst)script.Ast).GetScriptBlock();
        try
        {
            return called.InvokeWithContext(
                null, [new PSVariable("_", e), new PSVariable("ErrorActionPreference", ActionPreference.Stop)], e);
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException)
        {
            throw new EventScriptException(Text(failure), failure);
        }
    }

    private static string Text(RuntimeException failure)
    {
        var place = failure.ErrorRecord.InvocationInfo;
        var text = failure.ErrorRecord.ErrorDetails?.Message ?? Innermost(failure.ErrorRecord.Exception).Message;
        if (place is null || place.ScriptLineNumber < 1)
        {
            return text;
        }

        var file = string.IsNullOrEmpty(place.ScriptName) ? string.Empty : $"{place.ScriptName}, ";
        return string.Create(CultureInfo.InvariantCulture, $"{text.TrimEnd()} ({file}line {place.ScriptLineNumber}: {Around(place)})");
    }

    /// <summary>The line, or as much of a long one as begins where it went wrong.</summary>
    private static string Around(InvocationInfo place)
    {
        var line = place.Line.Trim().Length <= LongestLine ? place.Line : place.Line[Math.Clamp(place.OffsetInLine - 1, 0, place.Line.Length - 1)..];
        return line.Trim() is { Length: > LongestLine } text ? text[..(LongestLine - 1)] + "\u2026" : line.Trim();
    }

    // "Exception calling ..." and "Exception getting ..." say less than what they wrap.
    private static Exception Innermost(Exception failure) =>
        failure is MethodInvocationException or GetValueInvocationException && failure.InnerException is { } inner ? Innermost(inner) : failure;
}
