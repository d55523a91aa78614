using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Foreign;

/// <summary>What a backend must do that we did not write, as its user sees it, with Web as it is. Our own backends are down meanwhile.</summary>
[Collection(SystemTests.Name)]
public abstract class ForeignBackendTest(RunningSystem system) : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string Broker { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var app = await system.StartAsync(Cancellation);
        Broker = await app.GetConnectionStringAsync("messaging", Cancellation) ?? throw new InvalidOperationException("The broker has no address.");
        await app.StopReplicasAsync("backend", Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await system.App.StartReplicasAsync("backend", CancellationToken.None);
    }

    [Fact]
    public async Task It_works_and_reports_and_keeps_the_trace()
    {
        await using var backend = await StartAsync(Broker);
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "from elsewhere", delayMs = 600, steps = 3 }, Cancellation);

        var done = await person.UntilAsync(id, "Succeeded", Cancellation);

        done.GetProperty("result").GetProperty("text").GetString().ShouldBe("from elsewhere");
        var events = await person.EventsAsync(id, Cancellation);
        var types = events.Select(e => e.GetProperty("type").GetString()).ToArray();
        types.Take(2).ShouldBe(["request-accepted", "attempt-started"]);
        types.ShouldContain("progress-reported");
        types[^1].ShouldBe("request-succeeded");
        events[1].GetProperty("data").GetProperty("worker").GetString().ShouldStartWith(WorkerPrefix);
        var traceId = done.GetProperty("traceId").GetString()!;
        await Support.Eventually.HoldsAsync(() => system.Spans.Of(traceId).Any(span => span.Name == "take report"), "the report belongs to the trace of the submit");
    }

    [Fact]
    public async Task What_it_did_not_finish_when_it_died_is_done_by_its_successor()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await using (await StartAsync(Broker))
        {
            await person.SubmitAsync(id, "echo", new { text = "twice begun", delayMs = 4_000, steps = 8 }, Cancellation);
            await person.UntilAsync(id, "Running", Cancellation);
        }

        await using var successor = await StartAsync(Broker);
        await person.UntilAsync(id, "Succeeded", Cancellation);
        var starts = (await person.EventsAsync(id, Cancellation)).Where(e => e.GetProperty("type").GetString() == "attempt-started").ToArray();
        starts.Length.ShouldBe(2);
        starts[1].GetProperty("data").GetProperty("redelivered").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Its_failure_is_retried_by_the_log()
    {
        await using var backend = await StartAsync(Broker);
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, "echo", new { text = "at last", failTimes = 1 }, Cancellation);

        var done = await person.UntilAsync(id, "Succeeded", Cancellation);

        done.GetProperty("attempt").GetProperty("number").GetInt32().ShouldBe(2);
        (await person.EventsAsync(id, Cancellation)).ShouldContain(e => e.GetProperty("type").GetString() == "attempt-failed");
    }

    protected abstract string WorkerPrefix { get; }

    /// <summary>Takes the kind "echo" when this returns, and dies without a word when disposed.</summary>
    protected abstract Task<IAsyncDisposable> StartAsync(string broker);
}
