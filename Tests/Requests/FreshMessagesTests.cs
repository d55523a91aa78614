using AspireFeedback.Tests.Backend;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Outbox;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public sealed class FreshMessagesTests
{
    private readonly ManualTime _time = new();
    private readonly FreshMessages _fresh;

    public FreshMessagesTests() => _fresh = new(_time, TimeSpan.FromSeconds(2));

    [Fact]
    public void What_a_sweep_may_have_sent_meanwhile_is_not_sent_from_memory()
    {
        _fresh.TryAdd(Message(1)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        _fresh.TryAdd(Message(2)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));

        Take().ShouldBe([2]);
    }

    [Fact]
    public void Bodies_are_kept_up_to_a_limit_and_make_room_when_they_go()
    {
        const int quarter = FreshMessages.MaxLength / 4;
        for (var n = 1; n <= 4; n++)
            _fresh.TryAdd(Message(n, quarter)).ShouldBeTrue();
        _fresh.TryAdd(Message(5, quarter)).ShouldBeFalse();
        Take(most: 1).ShouldBe([1]);
        _fresh.TryAdd(Message(6, quarter)).ShouldBeTrue();

        _time.Advance(TimeSpan.FromMinutes(1));
        Take().ShouldBeEmpty();
        _fresh.TryAdd(Message(7, FreshMessages.MaxLength)).ShouldBeTrue("what was dropped makes room too");
    }

    private static Outgoing Message(long id, int length = 10) =>
        new(id, Guid.NewGuid(), Guid.NewGuid(), OutgoingType.Work, "echo", 1, 1, new string('x', length));

    private long[] Take(int most = 10)
    {
        var batch = new List<Outgoing>();
        _fresh.TakeInto(batch, most);
        return [.. batch.Select(message => message.Id)];
    }
}
