using AspireFeedback.Web.Log;
using AspireFeedback.Web.Policies;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Policies;

public sealed class EachStepTests
{
    private readonly List<string> _done = [];

    [Fact]
    public async Task A_step_that_fails_keeps_no_other_from_its_turn_and_is_told()
    {
        var thrown = await Should.ThrowAsync<InvalidOperationException>(RunAsync(Does("a"), Fails(new InvalidOperationException("b")), Does("c")));

        thrown.Message.ShouldBe("b");
        _done.ShouldBe(["a", "c"]);
    }

    [Fact]
    public async Task An_outage_is_told_as_one_unless_something_else_failed_too()
    {
        await Should.ThrowAsync<LogUnavailableException>(RunAsync(Fails(Outage()), Does("a"), Fails(Outage())));
        (await Should.ThrowAsync<AggregateException>(RunAsync(Fails(Outage()), Fails(new InvalidOperationException("b"))))).InnerExceptions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_is_stopped_begins_no_other_step()
    {
        using var stop = new CancellationTokenSource();
        Func<CancellationToken, Task> stops = async token =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
        };

        await Should.ThrowAsync<OperationCanceledException>(EachStep.RunAsync([stops, Does("a")], stop.Token));
        _done.ShouldBeEmpty();
    }

    private static Task RunAsync(params Func<CancellationToken, Task>[] steps) => EachStep.RunAsync(steps, TestContext.Current.CancellationToken);

    private static LogUnavailableException Outage() => new("away", new TimeoutException());

    private static Func<CancellationToken, Task> Fails(Exception e) => _ => Task.FromException(e);

    private Func<CancellationToken, Task> Does(string name) => _ =>
    {
        _done.Add(name);
        return Task.CompletedTask;
    };
}
