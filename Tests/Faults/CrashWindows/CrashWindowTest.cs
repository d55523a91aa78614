using System.Net;
using System.Text.Json;
using AspireFeedback.LocalAspire.Testing;
using AspireFeedback.Tests.EndToEnd;
using AspireFeedback.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Faults.CrashWindows;

/// <summary>
/// One moment between two steps in which something dies. Each test shows first that it has hit its moment, then that nobody who waits elsewhere
/// can tell: one outcome, nothing twice, every step in order. Each finds the whole system at work and leaves it so.
/// </summary>
[Collection(SystemTests.Name)]
public abstract class CrashWindowTest(CrashSystem system) : IAsyncLifetime
{
    protected const string Reports = "reports";

    // As Backend/Program.cs registers the kind, and Web its one consumer.
    private static readonly Dictionary<string, int> ConsumersPerReplica = new() { [Reports] = 1, [Evidence.Echo] = 128 };
    private static readonly TimeSpan s_quietFor = TimeSpan.FromMilliseconds(500);
    private readonly List<Witness> _witnesses = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected Person Person { get; private set; } = null!;

    protected IReadOnlyList<Replica> Webs => system.App.Replicas("web");

    protected IReadOnlyList<Replica> Backends => system.App.Replicas("backend");

    protected NpgsqlDataSource Database => system.Database;

    protected DateTimeOffset StartedAt => system.StartedAt;

    protected Replica Broker => system.App.Server("messaging");

    protected Replica Redis => system.App.Server("redis");

    internal Evidence Evidence { get; } = new(system);

    public async ValueTask InitializeAsync()
    {
        await system.EnsureStartedAsync(Cancellation);
        Person = await Person.ArriveAsync(new(Webs[0].Url), Cancellation);
        foreach (var (queue, count) in ConsumersPerReplica)
            await Evidence.UntilConsumersAsync(queue, 2 * count);
        foreach (var web in Webs)
            await Eventually.HoldsAsync(() => PublishesAtOnceAsync(web), $"{web.Name} publishes what it accepts");
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result is TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(system.App.LogsOf(lines: 60));
        Person?.Dispose();
        await system.MendAsync(Cancellation);
        // Last, since a witness of a gap or a repeat fails here at the latest.
        foreach (var witness in _witnesses)
            await witness.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal AmqpRelay RelayOf(Replica replica) => system.RelayOf(replica);

    internal async Task<Witness> WitnessAtAsync(Replica web)
    {
        _witnesses.Add(await Witness.ArriveAsync(Person, web, Cancellation));
        return _witnesses[^1];
    }

    protected async Task<Guid> SubmitAsync(Replica web, object payload, string kind = "echo")
    {
        var id = Guid.CreateVersion7();
        using var there = Person.At(web.Url);
        (await there.SubmitAsync(id, kind, payload, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);
        return id;
    }

    /// <summary>This replica is delivered nothing until its relay is mended: all of the queue goes to the other.</summary>
    protected async Task CutOffAsync(Replica replica, string queue)
    {
        RelayOf(replica).Cut("consume");
        await Evidence.UntilConsumersAsync(queue, ConsumersPerReplica[queue]);
    }

    /// <summary>The witness has seen it all in order, the log says the same, and nothing happened twice. Gives the events.</summary>
    internal async Task<IReadOnlyList<JsonElement>> ShouldEndOnceAsync(Guid id, Witness witness, string end = "request-succeeded")
    {
        var pushed = await witness.UntilDoneAsync(id, Cancellation);
        var events = await EventsAsync(id);
        events.Select(TypeOf).ShouldBe(pushed);
        events.Select(e => e.GetProperty("version").GetInt32()).ShouldBe(Enumerable.Range(1, events.Count));
        pushed[0].ShouldBe("request-accepted");
        pushed.Count(type => type == "request-accepted").ShouldBe(1);
        pushed.Where(type => type is "request-succeeded" or "request-failed" or "request-canceled").ShouldBe([end]);
        Of(events, "attempt-started").Select(data => data.GetProperty("run").GetGuid()).ShouldBeUnique();
        Of(events, "attempt-failed").Select(data => data.GetProperty("attempt").GetInt32()).ShouldBeUnique();
        return events;
    }

    /// <summary>What is reported in vain after the end has been taken: reports come in order to the one replica that takes them.</summary>
    protected async Task ShouldStayAsItIsAsync(Guid id, IReadOnlyList<JsonElement> events, Replica onlyTaker)
    {
        var later = await SubmitAsync(onlyTaker, new { text = "later" });
        await Eventually.HoldsAsync(async () => (await Evidence.EventsAsync(later))[^1] == "request-succeeded");
        (await EventsAsync(id)).Select(e => e.GetRawText()).ShouldBe(events.Select(e => e.GetRawText()));
    }

    protected static IReadOnlyList<JsonElement> Of(IReadOnlyList<JsonElement> events, string type) =>
        [.. events.Where(e => TypeOf(e) == type).Select(e => e.GetProperty("data"))];

    private static string TypeOf(JsonElement e) => e.GetProperty("type").GetString()!;

    private async Task<IReadOnlyList<JsonElement>> EventsAsync(Guid id)
    {
        using var there = Person.At(Webs.First(web => web.ProcessId is not null).Url);
        return await there.EventsAsync(id, Cancellation);
    }

    private async Task<bool> PublishesAtOnceAsync(Replica web)
    {
        var published = RelayOf(web).Passed(AmqpSide.Client, AmqpMethod.Publish);
        var id = await SubmitAsync(web, new { text = "ready?" });
        await Eventually.HoldsAsync(async () => (await Evidence.EventsAsync(id))[^1] == "request-succeeded", "an echo comes back");
        return RelayOf(web).Passed(AmqpSide.Client, AmqpMethod.Publish) > published;
    }

    private protected int AcknowledgedBy(IEnumerable<Replica> replicas) => replicas.Sum(replica => RelayOf(replica).Passed(AmqpSide.Client, AmqpMethod.Ack));

    /// <summary>A count once it rests: what an earlier test had on its way may still be acknowledged, and must not be taken for this one's.</summary>
    private protected static async Task<T> QuietAsync<T>(Func<T> count)
        where T : IEquatable<T>
    {
        var now = count();
        await Eventually.HoldsAsync(async () =>
        {
            var before = now;
            await Task.Delay(s_quietFor, Cancellation);
            now = count();
            return before.Equals(now);
        }, "nothing is on its way");
        return now;
    }
}
