using System.Diagnostics;
using AspireFeedback.ServiceDefaults.Telemetry;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.ServiceDefaults;

public sealed class PollFilterTests
{
    [Theory]
    [InlineData("Npgsql", 1, false)]
    [InlineData("RabbitMQ.Client.Publisher", 1, false)]
    [InlineData("Npgsql", 500, true)]
    [InlineData("Microsoft.AspNetCore", 1, true)]
    public void What_a_loop_does_by_itself_is_no_trace_unless_it_takes_long(string source, int milliseconds, bool isKept) =>
        IsKept(Span(source, milliseconds)).ShouldBe(isKept);

    [Fact]
    public void What_fails_is_kept()
    {
        IsKept(Span("Npgsql", 1, status: ActivityStatusCode.Error)).ShouldBeTrue();
    }

    [Fact]
    public void What_belongs_to_somebody_is_kept()
    {
        var context = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

        IsKept(Span("Npgsql", 1, context)).ShouldBeTrue();
        IsKept(Span("Npgsql", 1, links: [new(context)])).ShouldBeTrue();
    }

    private static bool IsKept(Activity span)
    {
        using var filter = new PollFilter();
        filter.OnEnd(span);
        return span.Recorded;
    }

    private static Activity Span(string source, int milliseconds, ActivityContext parent = default, ActivityLink[]? links = null, ActivityStatusCode status = default)
    {
        using var spans = new ActivitySource(source);
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate == spans,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        // A test runs within a span of its runner at times.
        Activity.Current = null;
        var span = spans.StartActivity("work", ActivityKind.Client, parent, links: links)!;
        // Before its end: other tests have filters too, which hear of sources by the same name.
        span.SetStatus(status);
        span.SetEndTime(span.StartTimeUtc.AddMilliseconds(milliseconds));
        span.Stop();
        return span;
    }
}
