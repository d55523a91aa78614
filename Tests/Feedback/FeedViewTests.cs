using AspireFeedback.Web.Feedback;

namespace AspireFeedback.Tests.Feedback;

/// <summary>The ordering of one connection, step by step.</summary>
public sealed class FeedViewTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly MemoryLog log = new();
    private readonly Guid owner = Guid.NewGuid();
    private readonly FeedView view = new(Patience, capacity: 4) { Since = DateTimeOffset.MinValue };
    private TimeSpan now;

    [Fact]
    public void Changes_in_order_are_sent_as_they_are()
    {
        var (first, second) = (Accept(), default(Change));
        second = Move(first.Id);
        Offer(first, second);
        Sent().ShouldBe(first);
        Sent().ShouldBe(second);
        view.Next(now).ShouldBeOfType<FeedStep.Idle>();
    }

    [Fact]
    public void A_change_that_comes_twice_is_sent_once()
    {
        var change = Accept();
        Offer(change, change);
        Sent().ShouldBe(change);
        Offer(change);
        view.Next(now).ShouldBeOfType<FeedStep.Idle>();
    }

    [Fact]
    public void Changes_in_the_wrong_order_are_put_right_without_the_log()
    {
        var first = Accept();
        var (second, third) = (Move(first.Id), Move(first.Id));
        Offer(third, second);
        view.Next(now).ShouldBe(new FeedStep.Wait(now + Patience));
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
        view.Next(now).ShouldBeOfType<FeedStep.Wait>();
        now += Patience;
        view.Next(now).ShouldBeOfType<FeedStep.Fill>().Gaps.ShouldBe([(first.Id, 1)]);
        view.Next(now).ShouldBeOfType<FeedStep.Idle>();
        view.Filled(first.Id, version: 3, isDone: false, more: false, now);
        view.Next(now).ShouldBeOfType<FeedStep.Idle>();
    }

    [Fact]
    public void What_comes_while_the_log_is_read_is_sent_after_it()
    {
        var first = Accept();
        Offer(first);
        Sent();
        Move(first.Id);
        Offer(Move(first.Id));
        view.Next(now);
        now += Patience;
        view.Next(now).ShouldBeOfType<FeedStep.Fill>();
        var fourth = Move(first.Id);
        Offer(fourth);
        view.Next(now).ShouldBeOfType<FeedStep.Idle>();
        view.Filled(first.Id, version: 3, isDone: false, more: false, now);
        Sent().ShouldBe(fourth);
    }

    [Fact]
    public void A_gap_of_one_request_does_not_hold_up_another()
    {
        var (a, b) = (Accept(), Accept());
        Offer(Move(a.Id), b);
        Sent().ShouldBe(b);
        view.Next(now).ShouldBeOfType<FeedStep.Wait>();
    }

    [Fact]
    public void A_version_told_without_events_makes_it_read_the_log()
    {
        var first = Accept();
        Offer(first);
        Sent();
        Offer(Change.Told(owner, first.Id, 3));
        view.Next(now).ShouldBeOfType<FeedStep.Wait>();
        now += Patience;
        view.Next(now).ShouldBeOfType<FeedStep.Fill>().Gaps.ShouldBe([(first.Id, 1)]);
    }

    [Fact]
    public void A_slow_reader_forgets_what_was_held_and_reads_the_log_at_once()
    {
        var first = Accept();
        Offer(first);
        Sent();
        for (var i = 0; i < 5; i++)
            Offer(Move(first.Id));
        view.Next(now).ShouldBeOfType<FeedStep.Fill>().Gaps.ShouldBe([(first.Id, 1)]);
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_asked_again()
    {
        view.Track(Guid.NewGuid(), sent: 1, known: 2);
        var gaps = view.Next(now).ShouldBeOfType<FeedStep.Fill>().Gaps;
        view.NotFilled(gaps);
        view.Next(now).ShouldBeOfType<FeedStep.Fill>().Gaps.ShouldBe(gaps);
    }

    [Fact]
    public void A_version_that_the_log_does_not_have_is_not_asked_for_again_and_again()
    {
        var first = Accept();
        Offer(first);
        Sent();
        Offer(Change.Told(owner, first.Id, 99));
        view.Next(now);
        now += Patience;
        view.Next(now).ShouldBeOfType<FeedStep.Fill>();
        view.Filled(first.Id, version: 1, isDone: false, more: false, now);
        view.Next(now + Patience).ShouldBeOfType<FeedStep.Idle>();
    }

    [Fact]
    public void A_request_from_before_that_is_not_followed_is_sent_from_its_next_change_on()
    {
        view.Since = DateTimeOffset.MaxValue;
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
        view.Since = DateTimeOffset.MaxValue;
        var first = Accept();
        var end = Change.Of(log.Succeed(first.Id));
        Offer(first, end);
        Sent();
        Sent();
        Offer(first, end);
        view.Next(now).ShouldBeOfType<FeedStep.Idle>();
        view.Tracked.ShouldBe(1);
        now += TimeSpan.FromMinutes(3);
        view.Next(now);
        view.Tracked.ShouldBe(0);
    }

    [Fact]
    public void Too_many_open_requests_end_the_connection()
    {
        for (var i = 0; i <= FeedView.MaxRequests; i++)
            view.Track(Guid.NewGuid(), 1, 1);
        view.Next(now).ShouldBeOfType<FeedStep.Overrun>();
    }

    private Change Accept() => Change.Of(log.Accept(owner));

    private Change Move(Guid id) => Change.Of(log.Progress(id, 10));

    private void Offer(params Change[] changes)
    {
        foreach (var change in changes)
            view.Offer(change, now);
    }

    private Change Sent() => view.Next(now).ShouldBeOfType<FeedStep.Send>().Change;
}
