using System.Runtime.CompilerServices;

namespace OrcaSong.Tests;

/// <summary>Outputs of two runs are compared byte by byte, so all times in them are this one; in commands that tests start as well.</summary>
internal static class FixedTime
{
    internal const string Variable = "SOURCE_DATE_EPOCH";

    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable(Variable, "1700000000");
}
