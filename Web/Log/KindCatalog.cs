using System.Collections.Frozen;
using AspireFeedback.Contracts;

namespace AspireFeedback.Web.Log;

/// <summary>The registered kinds by name. A request of a kind that is gone goes on under the default policy.</summary>
internal sealed class KindCatalog(IReadOnlyList<Kind> kinds)
{
    private readonly FrozenDictionary<string, Kind> _byName = kinds.ToFrozenDictionary(kind => kind.Name);

    public IReadOnlyList<Kind> All => kinds;

    public IEnumerable<string> PublicNames => kinds.Where(kind => !kind.Policy.Internal).Select(kind => kind.Name);

    /// <summary>What work of these kinds may end with, each once.</summary>
    public IReadOnlyList<KindProblem> Problems { get; } = [.. kinds.SelectMany(kind => kind.Problems).Distinct()];

    public Kind? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Kinds that are reached by forwarding only are unknown at the door.</summary>
    public Kind? FindPublic(string name) => Find(name) is { Policy.Internal: false } kind ? kind : null;

    public KindPolicy PolicyOf(string name) => Find(name)?.Policy ?? KindPolicy.Default;
}
