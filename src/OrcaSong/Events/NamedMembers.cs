using System.Dynamic;
using System.Linq.Expressions;

namespace OrcaSong.Events;

/// <summary>Something whose members have names that are known only at run time, such as the columns of a table.</summary>
internal interface INamedMembers
{
    /// <summary>Names, for tab completion.</summary>
    IEnumerable<string> MemberNames { get; }

    /// <summary>The value of a member; throws when there is no such member.</summary>
    object Member(string name);
}

/// <summary>
/// Makes <see cref="INamedMembers"/> look like properties to languages that look members up at run time: PowerShell, and C#'s
/// <c>dynamic</c>. Properties that the type itself has go first.
/// </summary>
internal sealed class NamedMemberBinding(Expression expression, INamedMembers value)
    : DynamicMetaObject(expression, BindingRestrictions.GetTypeRestriction(expression, value.GetType()), value)
{
    public override IEnumerable<string> GetDynamicMemberNames() => value.MemberNames;

    public override DynamicMetaObject BindGetMember(GetMemberBinder binder)
    {
        var call = Expression.Call(
            Expression.Convert(Expression, typeof(INamedMembers)),
            typeof(INamedMembers).GetMethod(nameof(INamedMembers.Member))!,
            Expression.Constant(binder.Name));
        return binder.FallbackGetMember(this, new DynamicMetaObject(call, Restrictions));
    }

    /// <summary>The name among some that is meant: with that case, or else regardless of case.</summary>
    internal static string? Find(IEnumerable<string> names, string name)
    {
        string? other = null;
        foreach (var candidate in names)
        {
            if (candidate == name)
            {
                return candidate;
            }

            other ??= candidate.Equals(name, StringComparison.OrdinalIgnoreCase) ? candidate : null;
        }

        return other;
    }
}
