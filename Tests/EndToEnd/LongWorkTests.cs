using System.Text.Json;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Messaging;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>Work that takes longer than the broker lets a consumer hold a message; here that is a second instead of half an hour.</summary>
public sealed class LongWorkTests(RabbitMqServer broker, PostgresServer postgres) : BrokerTest(broker)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>Than the broker waits, and looks whether it has.</summary>
    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task It_ends_in_its_first_run_if_its_kind_is_long_running_and_never_if_it_is_not()
    {
        await using var patience = await OneSecondAsync();
        var longRunning = await StartsOfAsync(new() { LongRunning = true }, Longer, "Succeeded");
        longRunning.ShouldHaveSingleItem().GetProperty("redelivered").GetBoolean().ShouldBeFalse();

        // Shorter work might end by itself, where the broker comes to look late or its message comes again late.
        var held = await StartsOfAsync(new(), TimeSpan.FromMinutes(1), "Running", enough: 2);
        held[1].GetProperty("redelivered").GetBoolean().ShouldBeTrue("the broker took it back");
    }

    [Fact]
    public async Task A_worker_that_dies_in_the_middle_is_followed_by_another_when_its_lease_is_over()
    {
        var kind = new Kind<EchoRequest, EchoResult>(Kind, new() { LongRunning = true, Takeover = true, Lease = Lease, FirstBackoff = TimeSpan.FromMilliseconds(100) });
        await using var web = await WebInProcess.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), Server.ConnectionString, kind);
        using var person = await web.NewPersonAsync();
        var id = Guid.CreateVersion7();
        await using (var mortal = await StartWorkerAsync(kind))
        {
            await person.SubmitAsync(id, Kind, new { text = "long", delayMs = 60_000 }, Cancellation);
            await person.UntilAsync(id, "Running", Cancellation);
            await UntilAsync(async () => await ConsumersAsync() == 0); // its place is taken, and its message acknowledged
            await mortal.DieAsync();
        }

        (await (await RawChannelAsync()).MessageCountAsync($"requests.{Kind}", Cancellation)).ShouldBe(0u, "the broker has nothing to give out again");
        await using var successor = await StartWorkerAsync(kind, atOnce: true);
        await person.UntilAsync(id, "Succeeded", Cancellation);

        var events = await person.EventsAsync(id, Cancellation);
        events.Select(e => e.GetProperty("type").GetString()).ShouldBe(["request-accepted", "attempt-started", "attempt-stalled", "attempt-started", "request-succeeded"]);
        var silent = events[2].GetProperty("at").GetDateTimeOffset() - events[2].GetProperty("data").GetProperty("lastSeen").GetDateTimeOffset();
        silent.ShouldBeGreaterThanOrEqualTo(Lease);
        events[3].GetProperty("data").GetProperty("attempt").GetInt32().ShouldBe(2);
    }

    /// <summary>The data of the starts of such work, once it has the status and so many of them.</summary>
    private async Task<IReadOnlyList<JsonElement>> StartsOfAsync(KindPolicy policy, TimeSpan length, string status, int enough = 1)
    {
        var kind = new Kind<EchoRequest, EchoResult>(Kind, policy);
        await using var web = await WebInProcess.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), Server.ConnectionString, kind);
        await using var worker = await StartWorkerAsync(kind);
        using var person = await web.NewPersonAsync();
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, Kind, new { text = "long", delayMs = (int)length.TotalMilliseconds }, Cancellation);
        IReadOnlyList<JsonElement> starts = [];
        await UntilAsync(async () =>
        {
            await person.UntilAsync(id, status, Cancellation);
            starts = [.. (await person.EventsAsync(id, Cancellation)).Where(e => e.GetProperty("type").GetString() == "attempt-started").Select(e => e.GetProperty("data"))];
            return starts.Count >= enough;
        });
        return starts;
    }

    private Task<MortalWorker> StartWorkerAsync(Kind kind, bool atOnce = false) => MortalWorker.StartAsync(
        Server.ConnectionString,
        handling =>
        {
            if (atOnce)
                handling.Add<Quick>(kind, concurrency: 1);
            else
                handling.Add<Slow>(kind, concurrency: 1);
        },
        Cancellation);

    private async Task<uint> ConsumersAsync() => await (await RawChannelAsync()).ConsumerCountAsync($"requests.{Kind}", Cancellation);

    /// <summary>The broker's patience with consumers that connect from now on, until this is disposed.</summary>
    private async Task<IAsyncDisposable> OneSecondAsync()
    {
        await SetAsync(timeout: 1_000, tick: 500);
        return new Restored(() => SetAsync(timeout: 604_800_000, tick: 60_000));
    }

    private Task SetAsync(int timeout, int tick) => Server.EvaluateAsync(
        $"application:set_env(rabbit, consumer_timeout, {timeout}), application:set_env(rabbit, channel_tick_interval, {tick}).", CancellationToken.None);

    private sealed class Restored(Func<Task> restore) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await restore();
    }

    private sealed class Slow : IRequestHandler<EchoRequest, EchoResult>
    {
        public async Task<EchoResult> HandleAsync(EchoRequest request, HandlerContext context, CancellationToken cancellationToken)
        {
            await Task.Delay(request.DelayMs ?? 0, cancellationToken);
            return new(request.Text);
        }
    }

    private sealed class Quick : IRequestHandler<EchoRequest, EchoResult>
    {
        public Task<EchoResult> HandleAsync(EchoRequest request, HandlerContext context, CancellationToken cancellationToken) => Task.FromResult(new EchoResult(request.Text));
    }
}
