using System.Runtime.InteropServices;

namespace AspireFeedback.Messaging.RabbitMq;

internal enum SettleAs
{
    Done,
    Returned,
    DeadLettered,
}

/// <param name="Tag">Outstanding; settled at most once.</param>
/// <param name="As">What becomes of it.</param>
/// <param name="Through">Also all before it that are outstanding.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Settlement(ulong Tag, SettleAs As, bool Through = false);

/// <summary>
/// Turns settlements that came together into as few as possible: acknowledgements become one "and all before" where everything before is
/// settled, and stay single above a gap, since the delivery in the gap is still being worked on.
/// </summary>
internal sealed class SettlePlan
{
    private readonly List<Settlement> _added = [];
    private readonly HashSet<ulong> _settledAboveGap = [];
    private ulong _settledThrough;

    public void Add(Settlement settlement) => _added.Add(settlement);

    /// <summary>What to send, in this order. Nothing of it stays here.</summary>
    public List<Settlement> Take()
    {
        var sent = new List<Settlement>(_added.Count);
        var done = new List<ulong>(_added.Count);
        foreach (var settlement in _added)
        {
            if (settlement is { As: SettleAs.Done, Through: false })
            {
                done.Add(settlement.Tag);
            }
            else
            {
                // Before the acknowledgements, which might take it for one of theirs.
                sent.Add(settlement);
            }

            Mark(settlement);
        }

        _added.Clear();
        done.Sort();
        var covered = done.FindLastIndex(tag => tag <= _settledThrough);
        if (covered >= 0)
        {
            sent.Add(new(done[covered], SettleAs.Done, Through: covered > 0));
        }

        sent.AddRange(done.Skip(covered + 1).Select(tag => new Settlement(tag, SettleAs.Done)));
        return sent;
    }

    private void Mark(Settlement settlement)
    {
        if (settlement.Through)
        {
            _settledThrough = Math.Max(_settledThrough, settlement.Tag);
            _settledAboveGap.RemoveWhere(tag => tag <= _settledThrough);
        }
        else
        {
            _settledAboveGap.Add(settlement.Tag);
        }

        while (_settledAboveGap.Remove(_settledThrough + 1))
        {
            _settledThrough++;
        }
    }
}
