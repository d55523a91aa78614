using AspireFeedback.Contracts;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>A commit passes over outbox rows that another holds. When a request has moved on, such a row must not be sent with what is next.</summary>
public class VoidDispatchTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private readonly Guid _run = Guid.CreateVersion7();

    [Fact]
    public async Task A_dispatch_of_the_hop_before_is_not_sent_as_the_next_hop()
    {
        var id = (await AcceptAsync()).Id;
        await LeftOverAsync(id, Report(_run, new() { Outcome = new RunForwarded("csv-profile", Json("{}")) }));

        await ShouldSendAsync();
    }

    [Fact]
    public async Task A_dispatch_of_an_earlier_attempt_is_not_sent_beside_the_one_of_the_next()
    {
        var id = (await AcceptAsync()).Id;
        await LeftOverAsync(id, Report(_run, Failed()));

        await ShouldSendAsync(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_to_be_canceled_or_has_ended_is_not_sent(bool ended)
    {
        var id = (await AcceptAsync()).Id;
        await LeftOverAsync(id, ended ? Report(_run, Succeeded()) : new CancelRequest("owner"));
        await ExecuteAsync("delete from outbox where type = 'stop'");

        await ShouldSendAsync();
    }

    [Fact]
    public async Task What_is_scheduled_is_sent_until_it_is_confirmed()
    {
        var id = (await AcceptAsync()).Id;
        await AppendAsync(id, Report(_run, Started()));
        await ExecuteAsync("update outbox set due_at = now()");

        await ShouldSendAsync(1);
    }

    /// <summary>The request moves on while another holds the outbox row, so that the row stays.</summary>
    private async Task LeftOverAsync(Guid id, RequestCommand command)
    {
        await ExecuteAsync("create table held as select * from outbox");
        await AppendAsync(id, command);
        await ExecuteAsync("insert into outbox overriding system value select * from held on conflict do nothing; update outbox set due_at = now()");
    }

    /// <summary>The attempts that are sent; of the rows that are not, none is left.</summary>
    private async Task ShouldSendAsync(params int[] attempts)
    {
        var sent = await Log.ClaimDueAsync(10, TimeSpan.FromMinutes(1), Cancellation);
        sent.Select(outgoing => outgoing.Attempt).ShouldBe(attempts);
        (await CountAsync("outbox where type = 'work'")).ShouldBe(attempts.Length);
    }
}
