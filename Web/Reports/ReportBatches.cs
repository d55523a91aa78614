using AspireFeedback.Messaging;

namespace AspireFeedback.Web.Reports;

/// <summary>
/// Cuts what the broker gave at once into what is worked on at once. A result stands in one statement twice, and PostgreSQL takes 1 GiB: bodies
/// are bounded by their bytes, not by their number.
/// </summary>
internal static class ReportBatches
{
    public const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>In order, each with one at least.</summary>
    public static IEnumerable<IReadOnlyList<Message>> Of(IEnumerable<Message> reports, int maxBytes = MaxBytes)
    {
        var batch = new List<Message>();
        long bytes = 0;
        foreach (var report in reports)
        {
            if (batch.Count > 0 && bytes + report.Body.Length > maxBytes)
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(report);
            bytes += report.Body.Length;
        }

        if (batch.Count > 0)
            yield return batch;
    }
}
