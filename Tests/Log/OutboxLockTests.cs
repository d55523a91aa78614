using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Npgsql;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>An outbox row is deleted from two sides: because it was sent, and because its request has moved on. Neither may wait for the other.</summary>
public class OutboxLockTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task What_was_sent_is_deleted_without_waiting_for_who_holds_it()
    {
        var held = (await Log.SubmitAsync([Submit()], Cancellation))[0].Outgoing!;
        var free = (await Log.SubmitAsync([Submit()], Cancellation))[0].Outgoing!;
        await using (await HoldAsync(held.RequestId))
            await Log.CompleteAsync([held.Id, free.Id], Cancellation);

        (await UnsentAsync(held.RequestId)).ShouldBe(1);
        (await UnsentAsync(free.RequestId)).ShouldBe(0);
        await Log.CompleteAsync([held.Id], Cancellation);
        (await UnsentAsync(held.RequestId)).ShouldBe(0);
    }

    [Fact]
    public async Task An_outcome_is_committed_without_waiting_for_who_deletes_what_was_sent()
    {
        var id = (await AcceptAsync()).Id;
        RequestState ended;
        await using (await HoldAsync(id))
            ended = await AppendAsync(id, Report(Guid.CreateVersion7(), Succeeded()));

        ended.Status.ShouldBe(RequestStatus.Succeeded);
    }

    [Fact]
    public async Task What_has_ended_is_not_sent()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(Guid.CreateVersion7(), Succeeded()));

        (await UnsentAsync(id)).ShouldBe(0);
    }

    /// <summary>Locks the outbox rows of a request, as whoever deletes them does until its commit. Returned to the pool it rolls back.</summary>
    private async Task<NpgsqlConnection> HoldAsync(Guid id)
    {
        var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var begin = new NpgsqlCommand("begin", connection);
        await begin.ExecuteNonQueryAsync(Cancellation);
        await using var command = new NpgsqlCommand("select id from outbox where request_id = $1 for update", connection);
        command.Parameters.Add(new() { Value = id });
        (await command.ExecuteScalarAsync(Cancellation)).ShouldNotBeNull();
        return connection;
    }

    private async Task<long> UnsentAsync(Guid id)
    {
        await using var command = Database.CreateCommand("select count(*) from outbox where request_id = $1");
        command.Parameters.Add(new() { Value = id });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
