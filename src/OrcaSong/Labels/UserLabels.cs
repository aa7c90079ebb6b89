using System.Collections;
using System.Globalization;
using OrcaSong.Calibration;
using OrcaSong.Events;
using OrcaSong.Running;

namespace OrcaSong.Labels;

/// <summary>
/// Labels that users' code makes. Their names and types are those of the first event that is written; rows are laid out when events are
/// written, in order, so that it does not matter which thread made which event first.
/// </summary>
internal sealed class UserLabels(string name, Func<EventView, IDictionary?> extract, bool inOrder, ProcessingOptions options) : LabelStage
{
    private volatile string[] _names = [];
    private LabelTable? _table;

    internal override bool InOrder => inOrder;

    internal override LabelTable? Table => _table;

    private string Code => $"extractor {name}";

    internal override object Make(PreparedBatch batch)
    {
        var made = new EventLabels?[batch.Skip.Length];
        for (var e = 0; e < made.Length; e++)
        {
            if (batch.Skip[e] == SkipReason.None)
            {
                var view = batch.View(e);
                made[e] = Read(view, EventCodeException.Call(view, Code, extract));
            }
        }

        return made;
    }

    internal override LabelTable Layout(object labels, int eventInBatch)
    {
        if (_table is null)
        {
            var first = ((EventLabels?[])labels)[eventInBatch]!;
            _names = first.Names;
            _table = new LabelTable([.. first.Names.Zip(first.Values, (n, v) => (n, v.Type))], options);
        }

        return _table;
    }

    internal override void Write(object labels, int eventInBatch, Span<byte> row)
    {
        var made = ((EventLabels?[])labels)[eventInBatch]!;
        var cells = _table!.Row(row);
        for (var i = 0; i < _names.Length; i++)
        {
            var value = made.Values[made.Names == _names ? i : IndexOf(made, _names[i])];
            if (!value.Fits(_table.TypeOf(i)))
            {
                throw made.Wrong(Code, $"gave {_names[i]} = {value}, but {Describe(_table.TypeOf(i))} in the first event. Give the same type for every event, for instance always a float: [double]{value}.");
            }

            value.Set(cells, i, _table.TypeOf(i));
        }

        if (made.Names.Length != _names.Length)
        {
            throw Others(made);
        }
    }

    private static string Describe(NumberType type) => type.IsInteger() ? $"a whole number ({type})" : $"a number ({type})";

    /// <summary>Takes what the code gave to pieces, and refuses what is no number.</summary>
    private EventLabels Read(EventView view, IDictionary? given)
    {
        if (given is null)
        {
            throw new EventCodeException(view, Code, "gave nothing; a dictionary of labels is expected, for instance @{ energy = 1.5 }.");
        }

        var names = new string[given.Count];
        var values = new LabelValue[given.Count];
        var i = 0;
        foreach (DictionaryEntry entry in given)
        {
            names[i] = entry.Key as string ?? throw new EventCodeException(view, Code, $"gave a label named {entry.Key} ({entry.Key.GetType().Name}); names are texts.");
            if (LabelValue.Of(entry.Value) is not { } value)
            {
                throw new EventCodeException(view, Code, $"gave {names[i]} = {Found(entry.Value)}; a label is one number.");
            }

            values[i++] = value;
        }

        if (names.Length == 0 || Array.Exists(names, string.IsNullOrWhiteSpace))
        {
            throw new EventCodeException(view, Code, names.Length == 0 ? "gave an empty dictionary; at least one label is expected." : "gave a label without a name.");
        }

        // Events share one array of names, as a rule.
        var shared = _names;
        return new EventLabels(view.File, view.Index, names.AsSpan().SequenceEqual(shared) ? shared : names, values);
    }

    private static string Found(object? value) => value switch
    {
        null => "null",
        string text => $"the text '{text}'",
        ICollection { Count: 1 } => "an array of one element, of which you may want the element itself, [0]",
        ICollection list => $"an array of {list.Count} elements",
        _ => $"something of type {value.GetType().Name}",
    };

    private int IndexOf(EventLabels made, string label) =>
        Array.IndexOf(made.Names, label) is var index and >= 0 ? index : throw Others(made);

    private EventCodeException Others(EventLabels made)
    {
        var missing = _names.Except(made.Names, StringComparer.Ordinal).ToArray();
        var extra = made.Names.Except(_names, StringComparer.Ordinal).ToArray();
        return made.Wrong(
            Code,
            $"gave other labels than for the first event ({string.Join("; ", ((string[])[missing.Length > 0 ? "without " + string.Join(", ", missing) : "", extra.Length > 0 ? "with " + string.Join(", ", extra) : ""]).Where(t => t.Length > 0))}). Give the same labels for every event, NaN where there is nothing to say.");
    }

    /// <summary>The labels of one event.</summary>
    private sealed record EventLabels(string File, int Event, string[] Names, LabelValue[] Values)
    {
        internal EventCodeException Wrong(string code, string problem) => new(File, Event, code, problem);
    }

    /// <summary>One number with its type; integers keep all their digits.</summary>
    private readonly record struct LabelValue(NumberType Type, long Whole, double Number)
    {
        /// <summary>The number that an object is, or <see langword="null"/>. Signed integers become int64, as Python's do.</summary>
        internal static LabelValue? Of(object? value) => value switch
        {
            double v => new LabelValue(NumberType.Float64, 0, v),
            float v => new LabelValue(NumberType.Float32, 0, v),
            int v => new LabelValue(NumberType.Int64, v, v),
            long v => new LabelValue(NumberType.Int64, v, v),
            bool v => new LabelValue(NumberType.UInt8, v ? 1 : 0, v ? 1 : 0),
            byte v => new LabelValue(NumberType.UInt8, v, v),
            ushort v => new LabelValue(NumberType.UInt16, v, v),
            uint v => new LabelValue(NumberType.UInt32, v, v),
            ulong v => new LabelValue(NumberType.UInt64, unchecked((long)v), v),
            sbyte v => new LabelValue(NumberType.Int64, v, v),
            short v => new LabelValue(NumberType.Int64, v, v),
            decimal v => new LabelValue(NumberType.Float64, 0, (double)v),
            _ => null,
        };

        /// <summary>Whether it can be stored as that type without becoming another number.</summary>
        internal bool Fits(NumberType type) => type switch
        {
            NumberType.Float64 => true,
            NumberType.Float32 => Type is NumberType.Float32 || double.IsNaN(Number) || (float)Number == Number,
            NumberType.Int64 => Type.IsInteger() && (Type != NumberType.UInt64 || Whole >= 0),
            NumberType.UInt64 => Type.IsInteger() && (Type == NumberType.UInt64 || Whole >= 0),
            _ => Type.IsInteger() && Number >= 0 && Number < Math.Pow(2, 8 * type.Size()),
        };

        /// <summary>Stores it as that type, which it <see cref="Fits"/>.</summary>
        internal void Set(LabelRow row, int label, NumberType type)
        {
            if (Type.IsInteger() && type.IsInteger())
            {
                row.Set(label, Whole);
            }
            else
            {
                row.Set(label, Number);
            }
        }

        public override string ToString() => Number.ToString("R", CultureInfo.InvariantCulture);
    }
}
