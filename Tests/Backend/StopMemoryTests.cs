using AspireFeedback.Backend.Handling;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class StopMemoryTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
    private readonly StopMemory _memory = new(capacity: 100, TimeSpan.FromDays(1));

    [Fact]
    public void It_forgets_after_its_time()
    {
        var request = Guid.CreateVersion7();
        _memory.Remember(request, new("canceled"), _now);

        _memory.Find(request, 1, _now.AddHours(23)).ShouldBe(StopReason.Canceled);
        _memory.Find(request, 1, _now.AddHours(25)).ShouldBe(StopReason.None);
        _memory.Remember(Guid.CreateVersion7(), new("canceled"), _now.AddHours(25));
        _memory.Count.ShouldBe(1);
    }

    [Fact]
    public void It_forgets_the_oldest_when_it_is_full()
    {
        var requests = Enumerable.Range(0, 150).Select(_ => Guid.CreateVersion7()).ToList();
        for (var i = 0; i < requests.Count; i++)
            _memory.Remember(requests[i], new("canceled"), _now.AddSeconds(i));

        _memory.Count.ShouldBe(100);
        _memory.Find(requests[0], 1, _now).ShouldBe(StopReason.None);
        _memory.Find(requests[^1], 1, _now).ShouldBe(StopReason.Canceled);
    }

    [Fact]
    public void Orders_repeated_without_end_take_no_more_room()
    {
        var request = Guid.CreateVersion7();
        for (var i = 0; i < 1000; i++)
            _memory.Remember(request, new("canceled"), _now.AddSeconds(i));

        _memory.Find(request, 1, _now.AddSeconds(1000)).ShouldBe(StopReason.Canceled);
        _memory.Count.ShouldBe(1);
    }

    [Fact]
    public void An_end_goes_before_a_cancel_and_each_reaches_as_far_as_it_says()
    {
        var request = Guid.CreateVersion7();
        _memory.Remember(request, new("superseded", UpToAttempt: 1), _now);
        _memory.Remember(request, new("canceled", UpToAttempt: 2), _now);

        _memory.Find(request, 1, _now).ShouldBe(StopReason.Superseded);
        _memory.Find(request, 2, _now).ShouldBe(StopReason.Canceled);
        _memory.Find(request, 3, _now).ShouldBe(StopReason.None);
        _memory.Remember(request, new("ended"), _now);
        _memory.Find(request, 3, _now).ShouldBe(StopReason.Ended);
    }

    [Fact]
    public void An_order_for_one_run_concerns_no_message_to_come()
    {
        var request = Guid.CreateVersion7();
        _memory.Remember(request, new("superseded", Run: Guid.CreateVersion7()), _now);

        _memory.Find(request, 1, _now).ShouldBe(StopReason.None);
    }
}
