using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AspireFeedback.Tests.Identity;

/// <summary>Two replicas with requests, hub and event streams, on one new database.</summary>
public class LiveReplicas(PostgresServer postgres) : IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal WebReplica A { get; private set; } = null!;

    internal WebReplica B { get; private set; } = null!;

    /// <summary>What stands in <c>Tests/Log/Marten</c> has them on another one.</summary>
    private protected virtual LogImplementation Implementation => LogImplementation.Postgres;

    public async ValueTask InitializeAsync()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        A = await WebReplica.StartAsync(database, live: true, log: Implementation);
        B = await WebReplica.StartAsync(database, live: true, log: Implementation);
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A request of this owner, in the log.</summary>
    internal async Task<Guid> SubmitAsync(Guid owner, Guid? id = null, IReadOnlyList<Guid>? files = null)
    {
        var submission = new Submission(id ?? Guid.CreateVersion7(), owner, "echo", System.Text.Json.JsonElement.Parse("{}"), "fingerprint", null, files, null, null);
        var log = A.Services.GetRequiredService<IRequestLog>();
        return (await log.SubmitAsync([submission], Cancellation))[0].State!.Id;
    }

    /// <summary>All tests come from one address.</summary>
    internal Task<long> ForgetAttemptsAsync() => ScalarAsync<long>("with gone as (delete from attempts) select 0::bigint");

    internal async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = A.Services.GetRequiredService<LogDatabase>().CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
