using System.Diagnostics;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class TheTraceOfARun : IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public TheTraceOfARun()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == RunTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId.ToString() == TraceId
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                lock (_ended)
                    _ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task Goes_on_from_the_message_and_into_the_report()
    {
        await using var worker = await Worker.StartAsync((_, _, _) => throw new InvalidOperationException("inside"));
        var message = worker.Publish(x => x with { TraceParent = $"00-{TraceId}-b7ad6b7169203331-01", TraceState = "vendor=1", Attempt = 2 });
        await worker.SettledAsync();
        await worker.UntilAsync(() => _ended.Count == 1);

        var span = _ended[0];
        (span.DisplayName, span.ParentSpanId.ToString(), span.Status).ShouldBe(("job", "b7ad6b7169203331", ActivityStatusCode.Error));
        span.GetTagItem("feedback.request.id").ShouldBe(message.RequestId.ToString());
        span.GetTagItem("feedback.attempt").ShouldBe(2);
        span.GetTagItem("feedback.outcome").ShouldBe("failed");
        var report = worker.Broker.Reports.ShouldHaveSingleItem();
        (report.TraceParent, report.TraceState).ShouldBe((span.Id, "vendor=1"));
        worker.Outcomes[0].ShouldBeOfType<RunFailed>().Error.TraceId.ShouldBe(TraceId);
    }

    [Fact]
    public async Task Is_in_error_too_where_the_handler_itself_says_what_is_wrong()
    {
        await using var worker = await Worker.StartAsync((_, _, _) => throw new ProblemException(Problem.Of("no-luck", "No luck.")));
        worker.Publish(x => x with { TraceParent = $"00-{TraceId}-b7ad6b7169203331-01" });
        await worker.SettledAsync();
        await worker.UntilAsync(() => _ended.Count == 1);

        var span = _ended[0];
        (span.Status, span.StatusDescription).ShouldBe((ActivityStatusCode.Error, "No luck."));
        span.GetTagItem("error.type").ShouldBe("/problems/no-luck");
        span.Events.ShouldBeEmpty();
    }

    public void Dispose() => _listener.Dispose();
}
