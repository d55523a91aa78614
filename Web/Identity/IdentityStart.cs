using AspireFeedback.Web.Log.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace AspireFeedback.Web.Identity;

/// <summary>
/// Before the first call is served: the installation's id, and the key ring with a key in it. ASP.NET Core lets every replica that finds no usable key
/// make one and use it at once, while it reads those of others once a day (dotnet/aspnetcore#3514). So that two replicas that start together do not
/// sign with keys that the other one does not know, they load the ring one after the other: the second one finds the key of the first. Later keys
/// are made two days ahead of their use, which gives every replica the time to read them.
/// </summary>
internal sealed class IdentityStart(LogDatabase database, Installation installation, IDataProtectionProvider protection) : IHostedService
{
    private const long LockKey = 0x46656564_4B657973; // "FeedKeys"

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await installation.LoadAsync(database, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var wait = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = LockKey } } };
        await wait.ExecuteNonQueryAsync(cancellationToken);
        protection.CreateProtector("start").Protect([]);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
