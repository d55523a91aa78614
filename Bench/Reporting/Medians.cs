namespace AspireFeedback.Bench.Reporting;

internal static class Medians
{
    /// <summary>Of an even number of values, what lies between the two in the middle.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
