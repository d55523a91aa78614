using System.Collections.Frozen;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>The registered kinds by name. A request of a kind that is gone goes on under the default policy.</summary>
internal static class KindCatalog
{
    private static readonly FrozenDictionary<string, Kind> ByName = Kinds.All.ToFrozenDictionary(kind => kind.Name);

    public static IReadOnlyList<Kind> All => Kinds.All;

    public static IEnumerable<string> PublicNames => Kinds.All.Where(kind => !kind.Policy.Internal).Select(kind => kind.Name);

    public static Kind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Kinds that are reached by forwarding only are unknown at the door.</summary>
    public static Kind? FindPublic(string name) => Find(name) is { Policy.Internal: false } kind ? kind : null;

    public static KindPolicy PolicyOf(string name) => Find(name)?.Policy ?? KindPolicy.Default;
}
