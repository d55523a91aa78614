using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>Creates a database whenever its server has become healthy, and lets it be as healthy as its server.</summary>
internal static class DatabaseWatch
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(PostgresDatabaseResource database, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        Report(notifications, database, KnownResourceStates.Waiting, null, null);
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (change.Resource != database.Parent || change.Snapshot.IsHidden)
                continue;

            if (!change.Snapshot.IsHealthy)
            {
                if (change.Snapshot.HasComeToNothing)
                    Report(notifications, database, KnownResourceStates.FailedToStart, null, $"'{database.Parent.Name}' failed to start: {change.Snapshot.LastFailure ?? change.Snapshot.Reason}");
                else if (notifications.IsHealthy(database.Name))
                    Report(notifications, database, KnownResourceStates.Running, HealthStatus.Unhealthy, $"'{database.Parent.Name}' is not healthy");
                continue;
            }

            var server = await database.Parent.GetConnectionStringAsync(cancellationToken);
            var reason = await PostgresProbe.EnsureDatabaseAsync(server!, database.DatabaseName, cancellationToken);
            while (reason is not null && notifications.IsHealthy(database.Parent.Name))
            {
                Report(notifications, database, KnownResourceStates.Starting, HealthStatus.Unhealthy, reason);
                await Task.Delay(s_retry, cancellationToken);
                reason = await PostgresProbe.EnsureDatabaseAsync(server!, database.DatabaseName, cancellationToken);
            }

            if (reason is null)
                Report(notifications, database, KnownResourceStates.Running, HealthStatus.Healthy, null);
        }
    }

    private static void Report(
        ResourceNotificationService notifications, PostgresDatabaseResource database, string state, HealthStatus? health, string? reason) =>
        notifications.Publish(database, database.Name, s => s with { State = state, HealthStatus = health, Reason = reason });
}
