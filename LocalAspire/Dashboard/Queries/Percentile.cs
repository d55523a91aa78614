using AspireFeedback.LocalAspire.Dashboard.Metrics;

namespace AspireFeedback.LocalAspire.Dashboard.Queries;

internal static class Percentile
{
    /// <summary>Within its bucket a value is taken to lie in proportion; above the last bound it is told as that bound.</summary>
    public static double? Of(Buckets? buckets, double share)
    {
        var total = buckets?.Counts.Sum() ?? 0;
        // Interpolated counts leave crumbs.
        if (buckets is null || buckets.Bounds.Length == 0 || total < 1e-9)
            return null;

        var rank = total * share;
        var below = 0.0;
        for (var i = 0; i < buckets.Bounds.Length; i++)
        {
            if (below + buckets.Counts[i] >= rank && buckets.Counts[i] > 0)
            {
                var lower = i > 0 ? buckets.Bounds[i - 1] : Math.Min(0, buckets.Bounds[0]);
                return lower + (buckets.Bounds[i] - lower) * (rank - below) / buckets.Counts[i];
            }

            below += buckets.Counts[i];
        }

        return buckets.Bounds[^1];
    }
}
