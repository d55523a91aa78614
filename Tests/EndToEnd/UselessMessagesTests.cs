using System.Text;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Messaging;
using AspireFeedback.Tests.Support;
using Npgsql;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>
/// Messages that are of the protocol and yet of no use: about nothing, too old, repeated, out of order, for somebody else. What is not even of the
/// protocol is refused before that (<see cref="HostileMessageTests"/>).
/// </summary>
public sealed class UselessMessagesTests(RabbitMqServer broker, PostgresServer postgres) : BrokerTest(broker)
{
    private const string Started = """{"started":{"endpoint":"x"}}""";
    private const string Success = """{"outcome":{"type":"succeeded","result":{"text":"first"}}}""";

    private readonly Warnings _warnings = new();
    private IChannel? _channel;

    [Fact]
    public async Task Each_is_counted_by_its_reason_and_told_once_and_the_next_one_is_taken()
    {
        var kind = new Kind<EchoRequest, EchoResult>(Kind, KindPolicy.Default);
        await using var web = await WebInProcess.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), Server.ConnectionString, kind, _warnings);
        using var counters = new Counters(web.Services);
        using var person = await web.NewPersonAsync();
        var (id, unknown, run) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await person.SubmitAsync(id, Kind, new { text = "hello" }, Cancellation);

        await ReportAsync(unknown, Started);
        await ReportAsync(id, """{"outcome":{"type":"succeeded"}}""");
        await ReportAsync(id, """{"progress":{"sequence":1},"progress":{"sequence":2}}""");
        await ReportAsync(id, """{"progress":{"sequence":2,"percent":20}}""", run);
        await ReportAsync(id, """{"progress":{"sequence":1,"percent":10}}""", run);
        await ReportAsync(id, """{"progress":{"sequence":9,"percent":90}}""", run, attempt: 7);
        await BuryAsync(unknown, attempt: 1);
        await BuryAsync(id, attempt: 7);
        await UntilAsync(() => counters["feedback.dead_letters unknown ignored"] == 1 && counters["feedback.reports.ignored other-attempt"] == 1);
        (await person.UntilAsync(id, "Running", Cancellation)).GetProperty("percentComplete").GetDouble().ShouldBe(20);
        await ReportAsync(id, Success, run);
        await person.UntilAsync(id, "Succeeded", Cancellation);
        await ReportAsync(id, Success, run);
        await ReportAsync(id, Started, Guid.CreateVersion7());
        await BuryAsync(id, attempt: 1);

        await UntilAsync(() => counters["feedback.reports.ignored ended"] == 2 && counters["feedback.dead_letters unknown ignored"] == 2);
        counters["feedback.reports.ignored unknown-request"].ShouldBe(1);
        counters["feedback.reports.ignored unreadable"].ShouldBe(2);
        counters["feedback.reports.ignored repeated"].ShouldBe(1);
        counters["feedback.reports.ignored other-attempt"].ShouldBe(1);
        counters["feedback.dead_letters unknown unknown-request"].ShouldBe(1);
        _warnings.Of("ReportConsumer").Count(text => text.Contains($"{unknown}", StringComparison.Ordinal)).ShouldBe(2, "its report and its dead letter");
        _warnings.Of("ReportConsumer").Count(text => text.Contains($"{id} is dropped", StringComparison.Ordinal)).ShouldBe(2, "the two that cannot be read");
        (await person.EventsAsync(id, Cancellation)).Select(e => e.GetProperty("type").GetString())
            .ShouldBe(["request-accepted", "attempt-started", "progress-reported", "request-succeeded"]);
    }

    [Fact]
    public async Task A_worker_refuses_what_is_no_work_and_no_order_and_goes_on()
    {
        var kind = new Kind<EchoRequest, EchoResult>(Kind, KindPolicy.Default);
        await using var web = await WebInProcess.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), Server.ConnectionString, kind);
        using var person = await web.NewPersonAsync();
        await using var worker = await MortalWorker.StartAsync(Server.ConnectionString, handling => handling.Add<Echo>(kind, concurrency: 2), Cancellation);
        using var counters = new Counters(worker.Services);
        using var buried = new Counters(web.Services);
        var (id, old) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await person.SubmitAsync(old, Kind, new { text = "old" }, Cancellation);
        await person.UntilAsync(old, "Succeeded", Cancellation);

        await PublishAsync("feedback.requests", Kind, Guid.CreateVersion7(), "report", "{}");
        await PublishAsync("feedback.control", "", old, "stop", "{}");
        await PublishAsync("feedback.control", "", old, "stop", "[]");
        await PublishAsync("feedback.requests", Kind, old, "work", """{"payload":{"text":"again"}}""");
        await PublishAsync("feedback.requests", Kind, old, "work", """{"payload":{"text":"ahead"}}""", attempt: 9);
        await PublishAsync("feedback.requests", Kind, old, "work", """{"payload":"nothing of it"}""");
        await person.SubmitAsync(id, Kind, new { text = "new" }, Cancellation);

        await person.UntilAsync(id, "Succeeded", Cancellation);
        await UntilAsync(() => counters["feedback.messages.refused control unreadable"] == 2 && buried["feedback.dead_letters rejected unknown-request"] == 1);
        await UntilAsync(() => buried["feedback.reports.ignored ended"] >= 3);
        counters[$"feedback.messages.refused requests.{Kind} no-work"].ShouldBe(1);
        var kept = await person.UntilAsync(old, "Succeeded", Cancellation);
        kept.GetProperty("result").GetProperty("text").GetString().ShouldBe("old");
    }

    [Fact]
    public async Task A_heartbeat_is_of_use_without_a_run_too()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var web = await WebInProcess.StartAsync(database, Server.ConnectionString, new Kind<EchoRequest, EchoResult>(Kind, KindPolicy.Default));
        using var person = await web.NewPersonAsync();
        await using var log = NpgsqlDataSource.Create(database);
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, Kind, new { text = "hello" }, Cancellation);
        await ReportAsync(id, Started);
        await person.UntilAsync(id, "Running", Cancellation);
        await using var silent = log.CreateCommand("update leases set seen_at = seen_at - interval '1 hour'");
        await silent.ExecuteNonQueryAsync(Cancellation);

        await PublishAsync("feedback.reports", "reports", id, "heartbeat", "{}");

        await using var heard = log.CreateCommand("select count(*) from leases where seen_at > now() - interval '30 minutes'");
        await UntilAsync(async () => await heard.ExecuteScalarAsync(Cancellation) is 1L);
    }

    private Task ReportAsync(Guid id, string body, Guid? run = null, int attempt = 1) => PublishAsync("feedback.reports", "reports", id, "report", body, attempt, run);

    private Task BuryAsync(Guid id, int attempt) => PublishAsync("feedback.dead", "", id, "work", "{}", attempt);

    private async Task PublishAsync(string exchange, string key, Guid id, string type, string body, int attempt = 1, Guid? run = null)
    {
        var headers = new Dictionary<string, object?> { ["feedback-attempt"] = attempt, ["feedback-hop"] = 1 };
        if (run is not null)
            headers["feedback-run"] = $"{run}";
        var properties = new BasicProperties { CorrelationId = $"{id}", MessageId = $"{Guid.CreateVersion7()}", Type = type, ContentType = "application/json", Headers = headers };
        _channel ??= await RawChannelAsync();
        await _channel.BasicPublishAsync(exchange, key, mandatory: true, properties, Encoding.UTF8.GetBytes(body), Cancellation);
    }

    private sealed class Echo : IRequestHandler<EchoRequest, EchoResult>
    {
        public Task<EchoResult> HandleAsync(EchoRequest request, HandlerContext context, CancellationToken cancellationToken) => Task.FromResult(new EchoResult(request.Text));
    }
}
