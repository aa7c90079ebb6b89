namespace OrcaSong.Training;

/// <summary>What becomes of columns of tables that not all files have.</summary>
public enum ColumnChoice
{
    /// <summary>They are an error: all files must have the same columns, in any order, of the same types.</summary>
    Same,

    /// <summary>Only columns that all files have are kept, and only datasets that all files have.</summary>
    Common,

    /// <summary>All are kept; where a file has no such column, it is NaN (whole numbers become float64 for that), and empty where it is text.</summary>
    All,
}
