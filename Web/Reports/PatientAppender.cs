using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Reports;

/// <summary>
/// Appends what reports mean, however long that takes. An outage is waited out with the reports in hand: returning them would only bring them
/// back out of order. A batch that is too much for PostgreSQL (its time limit, its memory) looks like an outage each time, so that a batch that
/// has failed twice is halved; after a true outage the whole is back within a few steps.
/// </summary>
internal sealed partial class PatientAppender(
    Func<IReadOnlyList<(Guid Id, RequestCommand Command)>, CancellationToken, Task<IReadOnlyList<AppendResult>>> append, TimeSpan retryAfter, ILogger logger)
{
    private const int TriesWhole = 2;

    public async Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<(Guid Id, RequestCommand Command)> commands, CancellationToken cancellationToken)
    {
        for (var outages = 0; outages < TriesWhole || commands.Count == 1; outages++)
        {
            try
            {
                return await append(commands, cancellationToken);
            }
            catch (LogUnavailableException e)
            {
                LogOutage(e.Message);
                await Task.Delay(retryAfter, cancellationToken);
            }
#pragma warning disable CA1031 // Whatever one report does, its neighbours must not wait for it for ever.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (commands.Count > 1)
                    return await AppendPartsAsync(commands.Chunk(1), cancellationToken);
                LogDropped(e, commands[0].Id);
                return [AppendResult.Unknown];
            }
        }

        return await AppendPartsAsync(commands.Chunk((commands.Count + 1) / 2), cancellationToken);
    }

    /// <summary>One after the other: the reports of one request stay in their order.</summary>
    private async Task<IReadOnlyList<AppendResult>> AppendPartsAsync(
        IEnumerable<(Guid Id, RequestCommand Command)[]> parts, CancellationToken cancellationToken)
    {
        var results = new List<AppendResult>();
        foreach (var part in parts)
            results.AddRange(await AppendAsync(part, cancellationToken));
        return results;
    }

    [LoggerMessage(1305, LogLevel.Error, "A report about request {RequestId} cannot be applied and is dropped")]
    private partial void LogDropped(Exception e, Guid requestId);

    [LoggerMessage(1302, LogLevel.Warning, "Reports wait for PostgreSQL: {Reason}")]
    private partial void LogOutage(string reason);
}
