using System.Runtime.InteropServices;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>
/// Remembers which requests are to stop, for messages that arrive after the order: by default a day, as long as the control stream keeps
/// them, and a bounded number. Not thread-safe.
/// </summary>
internal sealed class StopMemory(int capacity, TimeSpan keep)
{
    private readonly Dictionary<Guid, Order> _orders = [];
    private readonly Queue<(Guid Request, DateTimeOffset At)> _byAge = new();

    public int Count => _orders.Count;

    public static StopReason ReasonOf(StopWork order) => order.Reason switch
    {
        "canceled" => StopReason.Canceled,
        "superseded" => StopReason.Superseded,
        _ => StopReason.Ended, // whatever a newer Web may call it: nobody waits for this run any more
    };

    public void Remember(Guid request, StopWork order, DateTimeOffset now)
    {
        if (order.Run is not null)
            return; // a run that is to come has another id
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_orders, request, out _);
        var upTo = order.UpToAttempt ?? int.MaxValue;
        known = ReasonOf(order) switch
        {
            StopReason.Canceled => known with { CanceledUpTo = Math.Max(known.CanceledUpTo, upTo), At = now },
            StopReason.Superseded => known with { SupersededUpTo = Math.Max(known.SupersededUpTo, upTo), At = now },
            _ => known with { EndedUpTo = Math.Max(known.EndedUpTo, upTo), At = now },
        };
        _byAge.Enqueue((request, now));
        Forget(now);
    }

    /// <summary>What a message of this attempt has to expect; an order that asks for no report goes before one that does.</summary>
    public StopReason Find(Guid request, int attempt, DateTimeOffset now)
    {
        if (!_orders.TryGetValue(request, out var order) || now - order.At > keep)
            return StopReason.None;
        return attempt <= order.EndedUpTo ? StopReason.Ended
            : attempt <= order.SupersededUpTo ? StopReason.Superseded
            : attempt <= order.CanceledUpTo ? StopReason.Canceled
            : StopReason.None;
    }

    private void Forget(DateTimeOffset now)
    {
        while (_byAge.TryPeek(out var oldest) && (_byAge.Count > capacity || now - oldest.At > keep))
        {
            _byAge.Dequeue();
            // A request that was ordered to stop again since then has a younger place in the queue.
            if (_orders.TryGetValue(oldest.Request, out var order) && order.At == oldest.At)
                _orders.Remove(oldest.Request);
        }
    }

    private readonly record struct Order(int CanceledUpTo, int SupersededUpTo, int EndedUpTo, DateTimeOffset At);
}
