using System.Globalization;
using System.Management.Automation;

namespace OrcaSong.PowerShell.Arguments;

/// <summary>What the transformations of arguments have in common.</summary>
internal static class Argument
{
    /// <summary>The object that a user means, without PowerShell's wrapping.</summary>
    internal static object? Value(object? given) => given is PSObject wrapped ? wrapped.BaseObject : given;

    /// <summary>A number, also one that is written as text in English notation; <see langword="null"/> for anything else.</summary>
    internal static double? Number(object? given) =>
        given is not (bool or char) && LanguagePrimitives.TryConvertTo<double?>(given, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The exception that PowerShell reports with the parameter's name.</summary>
    internal static ArgumentTransformationMetadataException Refused(Exception reason) => new(Failures.Text(reason), reason);
}
