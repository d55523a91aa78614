using AspireFeedback.Tests.Backend;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Outbox;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Feedback;

/// <summary>An instance died after its commit and before it told anybody. The broker gives the report to another, for which it is a repeat.</summary>
public sealed class ReportThatComesAgain(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task Is_told_to_who_waits()
    {
        await using var web = await FeedbackInstance.StartAsync(Log);
        var accepted = await AcceptAsync();
        await using var hub = await web.HubOf(accepted.Owner);
        await hub.InvokeAsync("Sync", new SyncRequest(Known: new Dictionary<Guid, int> { [accepted.Id] = 1 }), Cancellation);
        var report = Report(Guid.CreateVersion7(), Succeeded());
        var committed = await AppendAsync(accepted.Id, report);

        var again = await AppenderOf(web).AppendAsync(accepted.Id, report, Cancellation);

        again.Decision.Events.ShouldBeEmpty();
        var pushed = (await hub.Calls.ReadAsync(Cancellation).AsTask().WaitAsync(Eventually.Deadline, Cancellation)).Argument;
        pushed.GetProperty("id").GetGuid().ShouldBe(accepted.Id);
        pushed.GetProperty("status").GetProperty("version").GetInt32().ShouldBe(committed.Version);
    }

    private LogAppender AppenderOf(FeedbackInstance web)
    {
        var messages = new OutgoingMessages(new(new EphemeralDataProtectionProvider(), new ConfigurationBuilder().Build(), TimeProvider.System));
        var outbox = new OutboxPublisher(Log, new InMemoryTransport(), messages, TimeProvider.System, NullLogger<OutboxPublisher>.Instance);
        return new(Log, new(Contracts.Kinds.All), web.Feed, outbox, NullLogger<LogAppender>.Instance);
    }
}
