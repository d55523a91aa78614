using System.Diagnostics;
using AspireFeedback.Messaging;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Reports;

/// <summary>
/// Takes what workers report: decides against the log, commits, announces; the transport acknowledges when all of it is done. Idempotent by
/// message and state: a report that comes again decides nothing and is announced again.
/// </summary>
internal sealed partial class ReportConsumer(ITransport transport, IRequestLog log, LogAppender appender, ILogger<ReportConsumer> logger) : BackgroundService
{
    private const int MaxBatch = 512;
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromMilliseconds(500);
    private static readonly ActivitySource Source = new("AspireFeedback.Web");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var reports = await transport.ReceiveReportsAsync(MaxBatch, TakeAsync, stoppingToken);
        await using var dead = await transport.ReceiveDeadAsync(BuryAsync, stoppingToken);
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TakeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        await TakeHeartbeatsAsync(deliveries, cancellationToken);
        var commands = new List<(Guid Id, RequestCommand Command)>(deliveries.Count);
        var messages = new List<Message>(deliveries.Count);
        var spans = new List<Activity>();
        foreach (var delivery in deliveries)
        {
            if (delivery.Message.Type == MessageTypes.Heartbeat)
                continue;
            if (ReportReader.Read(delivery.Message, out var reason) is not { } command)
            {
                LogUnreadable(delivery.Message.RequestId, reason!);
                continue;
            }

            commands.Add((delivery.Message.RequestId, command));
            messages.Add(delivery.Message);
            if (StartSpan(delivery.Message) is { } span)
                spans.Add(span);
        }

        if (commands.Count > 0)
        {
            var results = await AppendAsync(commands, cancellationToken);
            // Without a run the order would mean every run of the request, the right one too.
            await Task.WhenAll(results.Zip(messages).Where(pair => pair.First.Decision.StopRun && pair.Second.Run is not null).Select(pair => StopAsync(pair.First, pair.Second, cancellationToken)));
        }

        spans.ForEach(span => span.Dispose());
    }

    private async Task BuryAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        LogBuried(delivery.Message.RequestId, delivery.Message.Attempt, delivery.DeathReason);
        await AppendAsync([(delivery.Message.RequestId, new BuryAttempt(delivery.Message.Attempt, delivery.DeathReason ?? "unknown"))], cancellationToken);
    }

    /// <summary>An outage is waited out with the reports in hand: returning them would only bring them back out of order.</summary>
    private async Task<IReadOnlyList<AppendResult>> AppendAsync(List<(Guid Id, RequestCommand Command)> commands, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await appender.AppendAsync(commands, cancellationToken);
            }
            catch (LogUnavailableException e)
            {
                LogOutage(e.Message);
                await Task.Delay(RetryAfterOutage, cancellationToken);
            }
#pragma warning disable CA1031 // Whatever one report does, its neighbours must not wait for it for ever.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (commands.Count > 1)
                    return await AppendAloneAsync(commands, cancellationToken);
                LogDropped(e, commands[0].Id);
                return [AppendResult.Unknown];
            }
        }
    }

    private async Task<List<AppendResult>> AppendAloneAsync(List<(Guid Id, RequestCommand Command)> commands, CancellationToken cancellationToken)
    {
        var results = new List<AppendResult>(commands.Count);
        foreach (var command in commands)
            results.AddRange(await AppendAsync([command], cancellationToken));
        return results;
    }

    private async Task TakeHeartbeatsAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var runs = new HashSet<(Guid RequestId, Guid Run)>();
        foreach (var delivery in deliveries.Where(delivery => delivery.Message is { Type: MessageTypes.Heartbeat, Run: not null }))
            runs.Add((delivery.Message.RequestId, delivery.Message.Run!.Value));
        if (runs.Count == 0)
            return;
        try
        {
            await log.RenewLeasesAsync(runs, cancellationToken);
        }
        catch (LogUnavailableException e)
        {
            LogOutage(e.Message); // The next heartbeat comes; nobody is judged while PostgreSQL is away.
        }
    }

    private async Task StopAsync(AppendResult result, Message report, CancellationToken cancellationToken)
    {
        var reason = result.State switch
        {
            { Done: false, CancelRequestedAt: not null } => "canceled",
            { Status: RequestStatus.Canceled } => "canceled",
            { Done: true } => "ended",
            _ => "superseded",
        };
        try
        {
            await transport.SendControlAsync(StopMessage.For(report, reason), cancellationToken);
        }
        catch (TransportUnavailableException)
        {
            LogStopUnsent(report.RequestId); // Its outcome will be ignored, the work was only not spared.
        }
    }

    private static Activity? StartSpan(Message message) =>
        Source.HasListeners() && message.TraceParent is { } parent && ActivityContext.TryParse(parent, message.TraceState, isRemote: true, out var context)
            ? Source.StartActivity("take report", ActivityKind.Consumer, context, [new("request.id", message.RequestId), new("feedback.attempt", message.Attempt)])
            : null;

    [LoggerMessage(1301, LogLevel.Warning, "A report about request {RequestId} is dropped: {Reason}")]
    private partial void LogUnreadable(Guid requestId, string reason);

    [LoggerMessage(1305, LogLevel.Error, "A report about request {RequestId} cannot be applied and is dropped")]
    private partial void LogDropped(Exception e, Guid requestId);

    [LoggerMessage(1302, LogLevel.Warning, "Reports wait for PostgreSQL: {Reason}")]
    private partial void LogOutage(string reason);

    [LoggerMessage(1303, LogLevel.Warning, "The broker gave up on request {RequestId}, attempt {Attempt}: {Reason}")]
    private partial void LogBuried(Guid requestId, int attempt, string? reason);

    [LoggerMessage(1304, LogLevel.Information, "The worker of request {RequestId} could not be told to stop")]
    private partial void LogStopUnsent(Guid requestId);
}
