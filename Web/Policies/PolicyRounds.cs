using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Policies;

/// <summary>
/// A policy that looks again and again for what it has to decide. An outage of the log is told once, and so is its end; what goes wrong in one round
/// must not stop the process that accepts requests.
/// </summary>
/// <param name="name">Begins its log lines.</param>
/// <param name="pause">Between two rounds.</param>
internal abstract partial class PolicyRounds(string name, TimeSpan pause, TimeProvider time, ILogger logger) : BackgroundService
{
    private bool _waits;

    protected TimeProvider Time => time;

    protected abstract Task RoundAsync(CancellationToken cancellationToken);

    /// <summary>The pause after a round that has taken so long.</summary>
    protected virtual TimeSpan PauseAfter(TimeSpan took) => pause;

    protected virtual void OnOutage()
    {
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var next = pause;
        while (true)
        {
            await Task.Delay(next, time, stoppingToken);
            var begun = time.GetTimestamp();
            await TryAsync(stoppingToken);
            next = PauseAfter(time.GetElapsedTime(begun));
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RoundAsync(cancellationToken);
            if (_waits)
                LogWorksAgain(name);
            _waits = false;
        }
        catch (LogUnavailableException e)
        {
            OnOutage();
            if (!_waits)
                LogOutage(name, e.Message);
            _waits = true;
        }
#pragma warning disable CA1031 // Whatever it is, the next round may work.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailure(e, name);
        }
    }

    [LoggerMessage(1401, LogLevel.Warning, "{Policy}: waits for PostgreSQL: {Reason}")]
    private partial void LogOutage(string policy, string reason);

    [LoggerMessage(1402, LogLevel.Error, "{Policy}: failed this time")]
    private partial void LogFailure(Exception e, string policy);

    [LoggerMessage(1403, LogLevel.Information, "{Policy}: PostgreSQL is back")]
    private partial void LogWorksAgain(string policy);
}
