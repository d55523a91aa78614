using AspireFeedback.Web.Feedback;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Feedback;

/// <summary>The ordering of one connection, step by step.</summary>
public sealed class FeedViewTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly MemoryLog _log = new();
    private readonly Guid _owner = Guid.NewGuid();
    private readonly FeedView _view = new(Patience, capacity: 4) { Since = DateTimeOffset.MinValue };
    private TimeSpan _now;

    [Fact]
    public void Changes_in_order_are_sent_as_they_are()
    {
        var (first, second) = (Accept(), default(Change));
        second = Move(first.Id);
        Offer(first, second);
        Sent().ShouldBe(first);
        Sent().ShouldBe(second);
        _view.Next(_now).ShouldBeOfType<FeedStep.Idle>();
    }

    [Fact]
    public void A_change_that_comes_twice_is_sent_once()
    {
        var change = Accept();
        Offer(change, change);
        Sent().ShouldBe(change);
        Offer(change);
        _view.Next(_now).ShouldBeOfType<FeedStep.Idle>();
    }

    [Fact]
    public void Changes_in_the_wrong_order_are_put_right_without_the_log()
    {
        var first = Accept();
        var (second, third) = (Move(first.Id), Move(first.Id));
        Offer(third, second);
        _view.Next(_now).ShouldBe(new FeedStep.Wait(_now + Patience));
        Offer(first);
        Sent().ShouldBe(first);
        Sent().ShouldBe(second);
        Sent().ShouldBe(third);
    }

    [Fact]
    public void A_gap_is_asked_of_the_log_when_patience_is_over()
    {
        var first = Accept();
        Offer(first);
        Sent();
        Move(first.Id);
        Offer(Move(first.Id));
        _view.Next(_now).ShouldBeOfType<FeedStep.Wait>();
        _now += Patience;
        _view.Next(_now).ShouldBeOfType<FeedStep.Fill>().Gaps.ShouldBe([(first.Id, 1)]);
        _view.Next(_now).ShouldBeOfType<FeedStep.Idle>();
        _view.Filled(first.Id, version: 3, isDone: false, more: false, _now);
        _view.Next(_now).ShouldBeOfType<FeedStep.Idle>();
    }

    [Fact]
    public void What_comes_while_the_log_is_read_is_sent_after_it()
    {
        var first = Accept();
        Offer(first);
        Sent();
        Move(first.Id);
        Offer(Move(first.Id));
        _view.Next(_now);
        _now += Patience;
        _view.Next(_now).ShouldBeOfType<FeedStep.Fill>();
        var fourth = Move(first.Id);
        Offer(fourth);
        _view.Next(_now).ShouldBeOfType<FeedStep.Idle>();
        _view.Filled(first.Id, version: 3, isDone: false, more: false, _now);
        Sent().ShouldBe(fourth);
    }

    [Fact]
    public void A_gap_of_one_request_does_not_hold_up_another()
    {
        var (a, b) = (Accept(), Accept());
        Offer(Move(a.Id), b);
        Sent().ShouldBe(b);
        _view.Next(_now).ShouldBeOfType<FeedStep.Wait>();
    }

    [Fact]
    public void A_version_told_without_events_makes_it_read_the_log()
    {
        var first = Accept();
        Offer(first);
        Sent();
        Offer(Change.Told(_owner, first.Id, 3));
        _view.Next(_now).ShouldBeOfType<FeedStep.Wait>();
        _now += Patience;
        _view.Next(_now).ShouldBeOfType<FeedStep.Fill>().Gaps.ShouldBe([(first.Id, 1)]);
    }

    [Fact]
    public void A_slow_reader_forgets_what_was_held_and_reads_the_log_at_once()
    {
        var first = Accept();
        Offer(first);
        Sent();
        for (var i = 0; i < 5; i++)
            Offer(Move(first.Id));
        _view.Next(_now).ShouldBeOfType<FeedStep.Fill>().Gaps.ShouldBe([(first.Id, 1)]);
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_asked_again()
    {
        _view.Track(Guid.NewGuid(), sent: 1, known: 2);
        var gaps = _view.Next(_now).ShouldBeOfType<FeedStep.Fill>().Gaps;
        _view.NotFilled(gaps);
        _view.Next(_now).ShouldBeOfType<FeedStep.Fill>().Gaps.ShouldBe(gaps);
    }

    [Fact]
    public void A_version_that_the_log_does_not_have_is_not_asked_for_again_and_again()
    {
        var first = Accept();
        Offer(first);
        Sent();
        Offer(Change.Told(_owner, first.Id, 99));
        _view.Next(_now);
        _now += Patience;
        _view.Next(_now).ShouldBeOfType<FeedStep.Fill>();
        _view.Filled(first.Id, version: 1, isDone: false, more: false, _now);
        _view.Next(_now + Patience).ShouldBeOfType<FeedStep.Idle>();
    }

    [Fact]
    public void A_request_from_before_that_is_not_followed_is_sent_from_its_next_change_on()
    {
        _view.Since = DateTimeOffset.MaxValue;
        var id = Accept().Id;
        Move(id);
        var third = Move(id);
        Offer(third);
        Sent().ShouldBe(third);
        third.From.ShouldBe(2);
    }

    [Fact]
    public void An_ended_request_is_remembered_for_a_while_and_then_forgotten()
    {
        _view.Since = DateTimeOffset.MaxValue;
        var first = Accept();
        var end = Changes.Of(_log.Succeed(first.Id));
        Offer(first, end);
        Sent();
        Sent();
        Offer(first, end);
        _view.Next(_now).ShouldBeOfType<FeedStep.Idle>();
        _view.Tracked.ShouldBe(1);
        _now += TimeSpan.FromMinutes(3);
        _view.Next(_now);
        _view.Tracked.ShouldBe(0);
    }

    [Fact]
    public void Too_many_open_requests_end_the_connection()
    {
        for (var i = 0; i <= FeedView.MaxRequests; i++)
            _view.Track(Guid.NewGuid(), 1, 1);
        _view.Next(_now).ShouldBeOfType<FeedStep.Overrun>();
    }

    private Change Accept() => Changes.Of(_log.Accept(_owner));

    private Change Move(Guid id) => Changes.Of(_log.Progress(id, 10));

    private void Offer(params Change[] changes)
    {
        foreach (var change in changes)
            _view.Offer(change, _now);
    }

    private Change Sent() => _view.Next(_now).ShouldBeOfType<FeedStep.Send>().Change;
}
