using System.Diagnostics.Metrics;
using AspireFeedback.Tests.Backend;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using AspireFeedback.Web.Outbox;
using AspireFeedback.Web.Policies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Policies;

/// <summary>A dispatch that was confirmed an hour ago and never started, looked at by two replicas.</summary>
public sealed class LostDispatchPolicyTests(PostgresServer postgres) : IAsyncLifetime
{
    private readonly QuietBroker _broker = new();
    private readonly ManualTime _time = new();
    private WebReplica _a = null!;
    private WebReplica _b = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        (_a, _b) = (await RequestsReplica.StartAsync(database), await RequestsReplica.StartAsync(database));
        using var person = await _a.PersonAsync();
        (await person.SubmitAsync(Guid.CreateVersion7())).EnsureSuccessStatusCode();
        await _a.Services.GetRequiredService<LogDatabase>()
            .CreateCommand("delete from outbox; update requests set updated_at = updated_at - interval '1 hour'").ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task Two_replicas_that_look_at_once_send_it_again_once_and_count_it()
    {
        using var counted = new MeterListener();
        var kinds = new List<object?>();
        counted.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "feedback.dispatches.repeated" && instrument.Meter.Scope == _a.Services.GetRequiredService<IMeterFactory>())
                listener.EnableMeasurementEvents(instrument);
        };
        counted.SetMeasurementEventCallback<long>((_, _, tags, _) => kinds.Add(tags[0].Value));
        counted.Start();
        var (a, b) = (await OnAsync(_a), await OnAsync(_a, _b));

        var repeated = await Task.WhenAll(a.RunOnceAsync(Cancellation), b.RunOnceAsync(Cancellation), a.RunOnceAsync(Cancellation));

        repeated.Sum().ShouldBe(1);
        kinds.ShouldBe(["echo"]);
    }

    [Fact]
    public async Task While_its_queue_is_not_known_to_be_empty_it_may_stand_there()
    {
        var policy = await OnAsync(_a);
        _broker.Work["echo"] = 1;
        (await policy.RunOnceAsync(Cancellation)).ShouldBe(0);
        _broker.Work["echo"] = null;
        (await policy.RunOnceAsync(Cancellation)).ShouldBe(0);
        _broker.Work["echo"] = 0;
        (await policy.RunOnceAsync(Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task After_a_broker_has_lost_its_disk_all_are_sent_again_at_once()
    {
        await _a.Services.GetRequiredService<LogDatabase>().CreateCommand("""
            insert into requests (id, owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state)
            select gen_random_uuid(), owner, kind, status, version, created_at, updated_at, deadline, fingerprint, state from requests, generate_series(1, 1200)
            """).ExecuteNonQueryAsync(Cancellation);

        (await (await OnAsync(_a)).RunOnceAsync(Cancellation)).ShouldBe(1201);
    }

    [Fact]
    public async Task Within_five_minutes_of_a_disturbance_nothing_is_sent_again()
    {
        var policy = await OnAsync(_a, undisturbed: TimeSpan.FromMinutes(4));
        (await policy.RunOnceAsync(Cancellation)).ShouldBe(0);
    }

    private async Task<LostDispatches> OnAsync(WebReplica meters, WebReplica? replica = null, TimeSpan? undisturbed = null)
    {
        var reports = new UndisturbedReports(_broker, _time);
        for (var left = undisturbed ?? TimeSpan.FromMinutes(5); left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            await reports.ObserveAsync(Cancellation);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var services = (replica ?? meters).Services;
        return new(services.GetRequiredService<ILogUpkeep>(), _broker, reports, services.GetRequiredService<OutboxPublisher>(), new(Contracts.Kinds.All),
            meters.Services.GetRequiredService<IMeterFactory>(), _time, NullLogger<LostDispatches>.Instance);
    }
}
