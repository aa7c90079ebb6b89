namespace OrcaSong.PowerShell.Scripts;

/// <summary>A script block that was called for an event failed, or gave something that it should not.</summary>
internal sealed class EventScriptException(string problem, Exception? inner = null) : Exception(problem, inner);
