namespace OrcaSong.Help;

/// <summary>A cmdlet, as its code describes it. Texts are Markdown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Synopsis">What it does, in a sentence.</param>
/// <param name="Sets">Names of its parameter sets, the default one first; a cmdlet without sets has one of any name.</param>
/// <param name="Parameters">Its parameters, with WhatIf and Confirm, without those that all cmdlets have.</param>
/// <param name="Inputs">Types that it takes from the pipeline.</param>
/// <param name="Outputs">Types that it emits.</param>
internal sealed record Command(
    string Name,
    string Synopsis,
    IReadOnlyList<string> Sets,
    IReadOnlyList<Parameter> Parameters,
    IReadOnlyList<PipelineType> Inputs,
    IReadOnlyList<PipelineType> Outputs);

/// <summary>A type that goes through the pipeline.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Text">What it is.</param>
internal sealed record PipelineType(string Name, string Text);

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as PowerShell writes it.</param>
/// <param name="Text">What it is: paragraphs, apart by an empty line.</param>
/// <param name="Default">What it is if left out; empty where there is nothing to say.</param>
/// <param name="Values">The values that it may have, where they are few, each with its meaning.</param>
/// <param name="Range">The numbers that it may have; empty for any.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="Wildcards">Whether wildcards are allowed.</param>
/// <param name="Uses">What it is in each set that has it; the name <see cref="AllSets"/> stands for all.</param>
internal sealed record Parameter(
    string Name,
    string Type,
    string Text,
    string Default,
    IReadOnlyList<(string Value, string Text)> Values,
    string Range,
    IReadOnlyList<string> Aliases,
    bool Wildcards,
    IReadOnlyDictionary<string, ParameterUse> Uses)
{
    internal const string AllSets = "__AllParameterSets";

    internal bool IsSwitch => Type == "switch";

    /// <summary>What it is in a set; <see langword="null"/> where the set does not have it.</summary>
    internal ParameterUse? In(string set) => Uses.GetValueOrDefault(set) ?? Uses.GetValueOrDefault(AllSets);
}

/// <summary>What a parameter is in one set.</summary>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Position">Its place among arguments without a name; <see langword="null"/> if it needs its name.</param>
/// <param name="ByValue">Whether the pipeline's objects are its values.</param>
/// <param name="ByName">Whether properties of the pipeline's objects are.</param>
internal sealed record ParameterUse(bool IsMandatory, int? Position, bool ByValue, bool ByName)
{
    /// <summary>How it takes values from the pipeline; empty if it does not.</summary>
    internal string Pipeline => string.Join(", ", new[] { ByValue ? "ByValue" : string.Empty, ByName ? "ByPropertyName" : string.Empty }.Where(p => p.Length > 0));
}
