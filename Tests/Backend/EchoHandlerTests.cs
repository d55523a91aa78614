using AspireFeedback.Backend.Echo;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

/// <summary>A handler is a class: tested without broker and without host.</summary>
public sealed class EchoHandlerTests
{
    private readonly EchoHandler _handler = new(TimeProvider.System, new(Options.Create(new EchoOptions()), TimeProvider.System));

    [Fact]
    public async Task It_gives_its_text_back_and_tells_its_steps()
    {
        var context = new RecordingContext();
        var result = await _handler.HandleAsync(new("hello", DelayMs: 4, Steps: 4), context, TestContext.Current.CancellationToken);

        result.ShouldBe(new EchoResult("hello"));
        context.Reports.Select(x => x.Percent).ShouldBe([25, 50, 75, 100]);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task The_first_attempts_fail_as_often_as_it_is_told_to(int attempt, bool fails)
    {
        var context = new RecordingContext { AttemptNumber = attempt };
        var work = _handler.HandleAsync(new("hello", FailTimes: 2), context, TestContext.Current.CancellationToken);

        if (fails)
            (await work.ShouldThrowAsync<ProblemException>()).Permanent.ShouldBeFalse();
        else
            (await work).Text.ShouldBe("hello");
    }

    [Fact]
    public async Task It_stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var work = _handler.HandleAsync(new("hello", DelayMs: 60_000), new RecordingContext(), stop.Token);
        await stop.CancelAsync();

        await work.ShouldThrowAsync<OperationCanceledException>();
    }
}
