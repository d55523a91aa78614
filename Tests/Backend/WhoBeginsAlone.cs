using AspireFeedback.Backend.Handling;
using AspireFeedback.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

/// <summary>Work that has come back twice may be what kills its workers: it begins when nothing else runs, and nothing else begins beside it.</summary>
public sealed class WhoBeginsAlone : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly Isolation _isolation;
    private readonly List<bool> _switches = [];

    public WhoBeginsAlone() => _isolation = new(_time, NullLogger<Isolation>.Instance)
    {
        Switched = isOpen =>
        {
            lock (_switches)
                _switches.Add(isOpen);
            return Task.CompletedTask;
        },
    };

    [Fact]
    public async Task Others_begin_side_by_side()
    {
        using var first = await EnterAsync(0);
        using var second = await EnterAsync(1);
        _switches.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_waits_for_what_runs_and_nothing_is_taken_meanwhile()
    {
        var other = await EnterAsync(0);
        var suspect = EnterAsync(2);
        await Eventually.HoldsAsync(() => _switches.SequenceEqual([false]), "taking is paused");
        suspect.IsCompleted.ShouldBeFalse();

        other.Dispose();

        (await suspect).Dispose();
        await Eventually.HoldsAsync(() => _switches.SequenceEqual([false, true]), "taking goes on");
    }

    [Fact]
    public async Task What_was_on_its_way_waits_until_it_has_ended()
    {
        var suspect = await EnterAsync(2);
        var other = EnterAsync(0);
        await Task.Yield();
        other.IsCompleted.ShouldBeFalse();

        suspect.Dispose();

        (await other).Dispose();
    }

    [Fact]
    public async Task One_that_has_lived_for_a_while_is_no_longer_suspected()
    {
        using var suspect = await EnterAsync(3);
        var other = EnterAsync(0);
        _time.Advance(Isolation.Probation - TimeSpan.FromMilliseconds(1));
        other.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await other).Dispose();
    }

    [Fact]
    public async Task Two_of_them_begin_one_after_the_other()
    {
        var first = await EnterAsync(2);
        var second = EnterAsync(2);
        await Eventually.HoldsAsync(() => _switches.SequenceEqual([false]), "taking is paused");
        second.IsCompleted.ShouldBeFalse();

        first.Dispose();

        using var its = await second;
        _switches.ShouldBe([false], "taking goes on when both are done");
    }

    [Fact]
    public async Task It_does_not_wait_for_others_for_ever()
    {
        using var other = await EnterAsync(0);
        var suspect = EnterAsync(2);
        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(Isolation.Patience);
            return suspect.IsCompleted;
        }, "its patience is over");
        (await suspect).Dispose();
    }

    [Fact]
    public async Task A_lost_message_waits_for_nobody()
    {
        using var suspect = await EnterAsync(2);
        using var lost = new CancellationTokenSource();
        var other = _isolation.EnterAsync(0, lost.Token).AsTask();
        var another = _isolation.EnterAsync(2, lost.Token).AsTask();

        await lost.CancelAsync();

        (await other).Dispose();
        (await another).Dispose();
    }

    [Fact]
    public async Task When_the_process_goes_down_nobody_waits_any_more()
    {
        using var suspect = await EnterAsync(2);
        var other = EnterAsync(0);
        var another = EnterAsync(2);

        _isolation.End();

        (await other).Dispose();
        (await another).Dispose();
        (await EnterAsync(2)).Dispose();
    }

    public void Dispose() => _isolation.Dispose();

    private Task<IDisposable> EnterAsync(int earlierDeliveries) => _isolation.EnterAsync(earlierDeliveries, TestContext.Current.CancellationToken).AsTask();
}
