namespace AspireFeedback.Web.Log.Postgres;

/// <summary>Brings the schema up before anything else of this process starts; waits for a PostgreSQL that is not there yet.</summary>
internal sealed partial class SchemaStart(Migrator migrator, ILogger<SchemaStart> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Faults.RunAsync(() => MigrateAsync(cancellationToken));
                return;
            }
            catch (LogUnavailableException e)
            {
                LogWaiting(e.Message);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> MigrateAsync(CancellationToken cancellationToken)
    {
        await migrator.MigrateAsync(cancellationToken);
        return true;
    }

    [LoggerMessage(1002, LogLevel.Warning, "The schema waits for PostgreSQL: {Reason}")]
    private partial void LogWaiting(string reason);
}
