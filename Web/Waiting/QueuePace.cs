using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Waiting;

/// <summary>
/// What the latest samples of one kind's queue tell: a place for any time of acceptance, and how fast places move up. Pure. The pace follows from
/// the samples alone: what stood in the queue before and does so no longer has been taken, by whichever worker and instance.
/// </summary>
internal sealed class QueuePace
{
    /// <summary>How far back the pace is averaged.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(3);

    /// <summary>Between samples further apart, more may have come and gone than they show.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(30);

    private readonly Queue<(DateTimeOffset Until, TimeSpan Span, int Taken)> _steps = [];
    private WaitingSample? _last;

    public void Add(WaitingSample sample)
    {
        if (_last is { Waiting: > 0 } before && sample.At - before.At is var span && span > TimeSpan.Zero && span <= LongestGap)
            _steps.Enqueue((sample.At, span, Math.Max(0, before.Waiting - AheadOf(sample, before.Accepted[^1], orEqual: true))));
        while (_steps.TryPeek(out var oldest) && oldest.Until < sample.At - Memory)
            _steps.Dequeue();
        _last = sample;
    }

    public QueueView? Of(DateTimeOffset acceptedAt)
    {
        if (_last is not { } sample)
            return null;
        var position = AheadOf(sample, acceptedAt, orEqual: false) + 1;
        var taken = _steps.Sum(step => step.Taken);
        if (taken == 0)
            return new(position, null);
        var seconds = position * _steps.Sum(step => step.Span.TotalSeconds) / taken;
        return new(position, (int)Math.Clamp(Math.Ceiling(seconds), 1, int.MaxValue));
    }

    /// <summary>How many of the sample were accepted before a time; between two points in proportion to the time.</summary>
    private static int AheadOf(WaitingSample sample, DateTimeOffset time, bool orEqual)
    {
        var (accepted, places) = (sample.Accepted, sample.Places);
        var next = 0;
        while (next < accepted.Count && (orEqual ? accepted[next] <= time : accepted[next] < time))
            next++;
        if (next == 0)
            return 0;
        if (next == accepted.Count)
            return sample.Waiting;
        if (accepted[next] == time)
            return places[next] - 1;
        var share = (time - accepted[next - 1]) / (accepted[next] - accepted[next - 1]);
        return places[next - 1] + (int)(share * (places[next] - 1 - places[next - 1]));
    }
}
