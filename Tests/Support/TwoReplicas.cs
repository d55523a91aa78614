using Xunit;

namespace AspireFeedback.Tests.Support;

/// <summary>Two replicas on one new database, for the tests of a class.</summary>
public sealed class TwoReplicas(PostgresServer postgres) : IAsyncLifetime
{
    internal WebReplica A { get; private set; } = null!;

    internal WebReplica B { get; private set; } = null!;

    internal string Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        // At once, on an empty key ring: the moment in which two replicas could end with two keys.
        var replicas = await Task.WhenAll(Task.Run(() => WebReplica.StartAsync(Database)), Task.Run(() => WebReplica.StartAsync(Database)));
        (A, B) = (replicas[0], replicas[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
