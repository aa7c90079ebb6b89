namespace OrcaSong.PowerShell;

/// <summary>The types of the labels in the output.</summary>
public enum LabelType
{
    /// <summary>All are float64, but for event_id and group_id.</summary>
    Float64,

    /// <summary>Those that they have in the input; the columns are always sorted by name then.</summary>
    Native,
}
