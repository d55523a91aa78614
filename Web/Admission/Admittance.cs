using System.Diagnostics.Metrics;
using System.Net;

namespace AspireFeedback.Web.Admission;

/// <param name="Problem">Its name in the catalog.</param>
/// <param name="RetryAfter">Absent: what the catalog says.</param>
internal sealed record NotAdmitted(string Problem, string Detail, TimeSpan? RetryAfter = null, IReadOnlyDictionary<string, string[]>? Errors = null);

/// <summary>
/// Whether a new request is taken now, before a 202 that could not be kept. Decided in memory: no query for a request. The caller looks for a
/// replay when it is not: that is answered however much waits.
/// </summary>
internal sealed class Admittance
{
    private readonly UnsentMessages _unsent;
    private readonly OpenRequests _open;
    private readonly SubmitRates _rates;
    private readonly Counter<long> _refused;

    public Admittance(UnsentMessages unsent, OpenRequests open, SubmitRates rates, IMeterFactory meters)
    {
        (_unsent, _open, _rates) = (unsent, open, rates);
        _refused = meters.Create("AspireFeedback.Web.Admission").CreateCounter<long>(
            "feedback.submits.refused", "{submit}", "Submits that met a limit, replays among them, by problem.");
    }

    /// <returns><c>null</c>: it is taken, and counts until <see cref="Settle"/>.</returns>
    public NotAdmitted? Begin(Guid owner, IPAddress address)
    {
        if (Refuse(owner, address) is { } refusal)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("problem", refusal.Problem));
            return refusal;
        }

        return null;
    }

    /// <param name="accepted">Not for a replay, a refusal, or when it is not known.</param>
    public void Settle(Guid owner, IPAddress address, bool accepted) => _open.Settle(owner, address, accepted);

    private NotAdmitted? Refuse(Guid owner, IPAddress address)
    {
        if (_unsent.AreTooMany())
            return new("overloaded", "More waits to be sent to the workers than can be kept.");
        if (!_open.TryBegin(owner, address))
            return new("too-many-open", "So many requests of yours have not ended that no more are taken.");
        if (_rates.Exceeded(owner, address) is not { } after)
            return null;
        _open.Settle(owner, address, accepted: false);
        return new("too-fast", "So many requests of yours came within a second that no more are taken.", after);
    }
}
