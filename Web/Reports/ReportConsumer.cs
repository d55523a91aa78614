using System.Diagnostics;
using System.Diagnostics.Metrics;
using AspireFeedback.Messaging;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Reports;

/// <summary>
/// Takes what workers report: decides against the log, commits, announces; the transport acknowledges when all of it is done. Idempotent by
/// message and state: a report that comes again decides nothing and is announced again.
/// </summary>
internal sealed partial class ReportConsumer(
    ITransport transport, IRequestLog log, LogAppender appender, IMeterFactory meters, ILogger<ReportConsumer> logger) : BackgroundService
{
    private const int MaxBatch = 512;
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromMilliseconds(500);
    private static readonly ActivitySource Source = new("AspireFeedback.Web");

    private readonly ReportMetrics _metrics = new(meters);

    private PatientAppender Appender => new(appender.AppendAsync, RetryAfterOutage, logger);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var reports = await transport.ReceiveReportsAsync(MaxBatch, TakeAsync, stoppingToken);
        await using var dead = await transport.ReceiveDeadAsync(BuryAsync, stoppingToken);
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TakeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        await TakeHeartbeatsAsync(deliveries, cancellationToken);
        var reports = deliveries.Select(delivery => delivery.Message).Where(message => message.Type != MessageTypes.Heartbeat);
        foreach (var batch in ReportBatches.Of(reports))
            await TakeReportsAsync(batch, cancellationToken);
    }

    private async Task TakeReportsAsync(IReadOnlyList<Message> reports, CancellationToken cancellationToken)
    {
        var commands = new List<(Guid Id, RequestCommand Command)>(reports.Count);
        var messages = new List<Message>(reports.Count);
        var spans = new List<Activity>();
        foreach (var report in reports)
        {
            if (ReportReader.Read(report, out var reason) is not { } command)
            {
                LogUnreadable(report.RequestId, reason!);
                _metrics.Ignored(ReportMetrics.Unreadable);
                continue;
            }

            commands.Add((report.RequestId, command));
            messages.Add(report);
            if (StartSpan(report) is { } span)
                spans.Add(span);
        }

        if (commands.Count > 0)
        {
            var results = await Appender.AppendAsync(commands, cancellationToken);
            foreach (var (report, result) in messages.Zip(results))
                Count(report, result);
            // Without a run the order would mean every run of the request, the right one too.
            await Task.WhenAll(results.Zip(messages).Where(pair => pair.First.Decision.StopRun && pair.Second.Run is not null).Select(pair => StopAsync(pair.First, pair.Second, cancellationToken)));
        }

        spans.ForEach(span => span.Dispose());
    }

    private async Task BuryAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var (message, reason) = (delivery.Message, delivery.DeathReason ?? "unknown");
        LogBuried(message.RequestId, message.Attempt, reason);
        var results = await Appender.AppendAsync([(message.RequestId, new BuryAttempt(message.Attempt, reason))], cancellationToken);
        _metrics.Buried(reason, results[0]);
    }

    private void Count(Message report, AppendResult result)
    {
        if (ReportMetrics.WhyIgnored(report, result) is not { } reason)
            return;
        _metrics.Ignored(reason);
        if (reason == ReportMetrics.UnknownRequest)
            LogUnknown(report.RequestId);
        else
            LogIgnored(report.RequestId, report.Attempt, reason);
    }

    private async Task TakeHeartbeatsAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var runs = new HashSet<(Guid RequestId, Guid Run)>();
        foreach (var delivery in deliveries.Where(delivery => delivery.Message.Type == MessageTypes.Heartbeat))
            runs.Add((delivery.Message.RequestId, ReportReader.RunOf(delivery.Message)));
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

    [LoggerMessage(1306, LogLevel.Warning, "Heartbeats are passed over without PostgreSQL: {Reason}")]
    private partial void LogOutage(string reason);

    [LoggerMessage(1303, LogLevel.Warning, "The broker gave up on request {RequestId}, attempt {Attempt}: {Reason}")]
    private partial void LogBuried(Guid requestId, int attempt, string reason);

    [LoggerMessage(1307, LogLevel.Warning, "A report about request {RequestId} is dropped: there is no such request")]
    private partial void LogUnknown(Guid requestId);

    [LoggerMessage(1308, LogLevel.Debug, "A report about request {RequestId}, attempt {Attempt}, changes nothing: {Reason}")]
    private partial void LogIgnored(Guid requestId, int attempt, string reason);

    [LoggerMessage(1304, LogLevel.Information, "The worker of request {RequestId} could not be told to stop")]
    private partial void LogStopUnsent(Guid requestId);
}
