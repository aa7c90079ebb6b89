namespace OrcaSong.Help;

/// <summary>Something that help needs is missing: where, and what.</summary>
internal sealed class HelpException(string message) : Exception(message);
