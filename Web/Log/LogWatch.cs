using System.Diagnostics.Metrics;

namespace AspireFeedback.Web.Log;

/// <summary>Shows as metrics how far the log is, and whether a transaction that stays open holds back those who read all of it.</summary>
internal sealed partial class LogWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly IWholeLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile LogLag? _last;

    public LogWatch(IWholeLog log, IMeterFactory meters, TimeProvider time, ILogger<LogWatch> logger)
    {
        (_log, _time, _logger) = (log, time, logger);
        var meter = meters.Create("AspireFeedback.Web.Log");
        meter.CreateObservableGauge(
            "feedback.log.position", () => Of(lag => lag.Newest.Value), description: "The newest position; a reader's lag is what its own is behind.");
        meter.CreateObservableGauge(
            "feedback.log.held_back", () => Of(lag => lag.HeldBackFor.TotalSeconds), "s", "Age of the oldest open transaction that readers of the whole log wait for.");
    }

    public async Task RunOnceAsync(CancellationToken cancellationToken) => _last = await _log.MeasureAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (LogUnavailableException e)
            {
                _last = null;
                LogUnknown(e.Message);
            }
#pragma warning disable CA1031 // A figure is missing; what it is about goes on.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                _last = null;
                LogFailure(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<LogLag, T> figure)
        where T : struct => _last is { } last ? [new(figure(last))] : [];

    [LoggerMessage(1211, LogLevel.Debug, "Not known how far the log is: {Reason}")]
    private partial void LogUnknown(string reason);

    [LoggerMessage(1212, LogLevel.Warning, "The log could not be measured")]
    private partial void LogFailure(Exception e);
}
