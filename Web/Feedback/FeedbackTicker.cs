namespace AspireFeedback.Web.Feedback;

/// <summary>The one timer behind all heartbeats and releases, so that an idle connection needs none of its own.</summary>
internal sealed class FeedbackTicker(OwnerChannels channels, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            channels.Tick();
    }
}
