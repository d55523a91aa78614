using AspireFeedback.Tests.Backend;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using AspireFeedback.Web.Policies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Policies;

/// <summary>What must not go on for ever, one look at a time.</summary>
public sealed class EndPolicyTests(PostgresServer postgres) : IAsyncLifetime
{
    private readonly QuietBroker _broker = new();
    private readonly ManualTime _time = new();
    private readonly Guid _run = Guid.CreateVersion7();
    private WebReplica _web = null!;
    private EndPolicies _policies = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _web = await RequestsReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation));
        var reports = new UndisturbedReports(_broker, _time);
        _policies = new(Get<IRequestLog>(), Get<LogAppender>(), reports, Get<KindCatalog>(), _time, NullLogger<EndPolicies>.Instance);
        await LookAsync();
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task However_many_pass_their_deadline_at_once_they_end_at_once()
    {
        await AcceptAsync();
        await ExecuteAsync("""
            insert into requests (id, owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state)
            select gen_random_uuid(), owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state from requests, generate_series(1, 1100);
            update requests set deadline = now()
            """);

        await LookAsync();

        (await CountAsync("requests where status = 'Failed'")).ShouldBe(1101);
    }

    [Fact]
    public async Task One_request_that_cannot_be_judged_does_not_keep_the_others_from_their_end()
    {
        var broken = await AcceptAsync();
        await ExecuteAsync($"update requests set state = '\"broken\"', deadline = now() where id = '{broken}'");
        var canceled = await CancelRunningAsync();
        await SilentAsync("31 seconds");

        await Should.ThrowAsync<System.Text.Json.JsonException>(LookAsync());

        (await LoadAsync(canceled)).Status.ShouldBe(RequestStatus.Canceled);
    }

    [Fact]
    public async Task A_run_that_still_beats_may_answer_its_cancellation_but_not_for_ever()
    {
        var id = await CancelRunningAsync();
        await DueAsync();
        await LookAsync();
        (await LoadAsync(id)).Status.ShouldBe(RequestStatus.Running, "its worker is there");

        await ExecuteAsync("""update requests set state = regexp_replace(state, '"cancelRequestedAt":"[^"]*"', '"cancelRequestedAt":"2020-01-01T00:00:00Z"')""");
        await DueAsync();
        await LookAsync();
        (await LoadAsync(id)).Status.ShouldBe(RequestStatus.Canceled);
    }

    [Fact]
    public async Task A_run_that_is_silent_is_not_waited_for()
    {
        var id = await CancelRunningAsync();
        await SilentAsync("31 seconds");
        await LookAsync();

        (await LoadAsync(id)).Status.ShouldBe(RequestStatus.Canceled);
    }

    [Fact]
    public async Task While_reports_wait_the_answer_may_be_among_them()
    {
        var id = await CancelRunningAsync();
        _broker.Reports = 1;
        await LookAsync();
        await SilentAsync("31 seconds");
        await LookAsync();
        (await LoadAsync(id)).Status.ShouldBe(RequestStatus.Running);

        _broker.Reports = 0;
        await LookAsync();
        await DueAsync();
        await LookAsync();
        (await LoadAsync(id)).Status.ShouldBe(RequestStatus.Canceled);
    }

    [Fact]
    public async Task A_request_that_never_started_is_given_up_when_its_time_has_come()
    {
        var id = await AcceptAsync();
        await AppendAsync(id, new CancelRequest("owner"));
        await LookAsync();
        (await LoadAsync(id)).Status.ShouldBe(RequestStatus.Pending);
        await DueAsync();
        await LookAsync();

        (await LoadAsync(id)).Status.ShouldBe(RequestStatus.Canceled);
    }

    private async Task LookAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await _policies.RunOnceAsync(Cancellation);
    }

    private T Get<T>()
        where T : notnull => _web.Services.GetRequiredService<T>();

    private async Task<Guid> AcceptAsync()
    {
        using var person = await _web.PersonAsync();
        var id = Guid.CreateVersion7();
        (await person.SubmitAsync(id)).EnsureSuccessStatusCode();
        return id;
    }

    private async Task<Guid> CancelRunningAsync()
    {
        var id = await AcceptAsync();
        await AppendAsync(id, Report(_run, Started()));
        await AppendAsync(id, new CancelRequest("owner"));
        return id;
    }

    private Task<AppendResult> AppendAsync(Guid id, RequestCommand command) => Get<LogAppender>().AppendAsync(id, command, Cancellation);

    private Task<int> DueAsync() => ExecuteAsync("update outbox set due_at = now() where type = 'timer'");

    private async Task SilentAsync(string time)
    {
        await ExecuteAsync($"update leases set seen_at = now() - interval '{time}'");
        await DueAsync();
    }

    private async Task<RequestState> LoadAsync(Guid id) => (await Get<IRequestLog>().LoadAsync([id], Cancellation)).ById[id];

    private Task<int> ExecuteAsync(string sql) => Get<LogDatabase>().CreateCommand(sql).ExecuteNonQueryAsync(Cancellation);

    private async Task<long> CountAsync(string table) => (long)(await Get<LogDatabase>().CreateCommand($"select count(*) from {table}").ExecuteScalarAsync(Cancellation))!;
}
