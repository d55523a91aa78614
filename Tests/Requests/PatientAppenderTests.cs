using System.Collections.Concurrent;
using AspireFeedback.Messaging;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Reports;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

/// <summary>Reports that the log does not take at the first try.</summary>
public sealed class PatientAppenderTests
{
    private readonly Guid[] _ids = [.. Enumerable.Range(0, 7).Select(_ => Guid.CreateVersion7())];
    private readonly ConcurrentQueue<int> _tries = [];
    private readonly List<Guid> _done = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_that_is_too_much_for_postgresql_gets_through_in_parts_and_in_order()
    {
        var results = await AppendAsync(batch => batch > 2 ? Outage() : null);

        _done.ShouldBe(_ids);
        results.Select(result => result.State!.Id).ShouldBe(_ids, "each has its own result");
        _tries.Max().ShouldBe(7);
    }

    [Fact]
    public async Task After_an_outage_the_whole_batch_goes_at_once()
    {
        var outages = 1;
        await AppendAsync(_ => outages-- > 0 ? Outage() : null);

        _tries.ShouldBe([7, 7]);
        _done.ShouldBe(_ids);
    }

    [Fact]
    public async Task A_single_report_is_kept_through_any_outage()
    {
        var outages = 12;
        await AppendAsync(_ => outages-- > 0 ? Outage() : null);

        _done.ShouldBe(_ids);
    }

    [Fact]
    public async Task A_report_that_breaks_its_batch_is_dropped_alone()
    {
        var results = await AppendAsync(batch => batch > 1 || _done.Count == 3 && _tries.Count(size => size == 1) == 4 ? new InvalidOperationException("broken") : null);

        _done.ShouldBe([.. _ids[..3], .. _ids[4..]]);
        results[3].ShouldBe(AppendResult.Unknown);
    }

    [Fact]
    public void What_is_worked_on_at_once_is_bounded_by_its_bytes()
    {
        Message[] reports = [Of(10), Of(90), Of(1), Of(200), Of(50), Of(50), Of(50)];

        var batches = ReportBatches.Of(reports, maxBytes: 100).ToArray();

        batches.Select(batch => batch.Select(report => report.Body.Length)).ShouldBe([[10, 90], [1], [200], [50, 50], [50]]);
        batches.SelectMany(batch => batch).ShouldBe(reports);

        static Message Of(int bytes) => new(Guid.NewGuid(), Guid.NewGuid(), MessageTypes.Report, new byte[bytes]);
    }

    private static LogUnavailableException Outage() => new("57014", new TimeoutException());

    /// <summary>Appends all, to a log that refuses a batch of this size for this reason.</summary>
    private async Task<IReadOnlyList<AppendResult>> AppendAsync(Func<int, Exception?> refuse)
    {
        var appender = new PatientAppender(
            (commands, _) =>
            {
                _tries.Enqueue(commands.Count);
                if (refuse(commands.Count) is { } reason)
                    throw reason;
                _done.AddRange(commands.Select(command => command.Id));
                return Task.FromResult<IReadOnlyList<AppendResult>>([.. commands.Select(command => new AppendResult(new RequestState { Id = command.Id }, Decision.Nothing))]);
            },
            TimeSpan.FromMilliseconds(1),
            NullLogger.Instance);
        return await appender.AppendAsync([.. _ids.Select(id => (id, (RequestCommand)new ExpireRequest()))], Cancellation).WaitAsync(Eventually.Deadline, Cancellation);
    }
}
