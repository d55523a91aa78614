using AspireFeedback.Messaging.RabbitMq;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public sealed class SettlePlanTests
{
    private readonly SettlePlan _plan = new();

    [Fact]
    public void A_finished_prefix_is_acknowledged_at_once() =>
        Take(Done(2), Done(1), Done(3)).ShouldBe([new(3, SettleAs.Done, Through: true)]);

    [Fact]
    public void Above_a_gap_each_is_acknowledged_alone() =>
        Take(Done(1), Done(3), Done(4)).ShouldBe([Done(1), Done(3), Done(4)]);

    [Fact]
    public void A_gap_that_closes_is_acknowledged_without_those_above_that_are_settled_already()
    {
        Take(Done(2), Done(3));

        Take(Done(1), Done(4), Done(5)).ShouldBe([new(5, SettleAs.Done, Through: true)]);
    }

    [Fact]
    public void The_tag_of_an_acknowledgement_is_always_one_that_is_still_open()
    {
        Take(Done(3));

        Take(Done(1), Done(2)).ShouldBe([new(2, SettleAs.Done, Through: true)]);
    }

    [Fact]
    public void A_return_goes_before_an_acknowledgement_that_would_cover_it() =>
        Take(Done(1), new(2, SettleAs.Returned), Done(3)).ShouldBe([new(2, SettleAs.Returned), new(3, SettleAs.Done, Through: true)]);

    [Fact]
    public void A_batch_settles_everything_before_it()
    {
        Take(new Settlement(5, SettleAs.Done, Through: true)).Count.ShouldBe(1);

        Take(Done(6), Done(7)).ShouldBe([new(7, SettleAs.Done, Through: true)]);
    }

    [Fact]
    public void Whatever_the_order_every_tag_is_settled_exactly_once()
    {
        var random = new Random(7);
        var open = new SortedSet<ulong>(Enumerable.Range(1, 2000).Select(tag => (ulong)tag));
        var waiting = open.OrderBy(_ => random.Next()).ToList();
        while (waiting.Count > 0)
        {
            var round = waiting.Take(random.Next(1, 50)).ToList();
            waiting.RemoveRange(0, round.Count);
            foreach (var sent in Take([.. round.Select(tag => tag % 7 == 0 ? new(tag, SettleAs.Returned) : Done(tag))]))
            {
                open.ShouldContain(sent.Tag);
                var covered = sent.Through ? open.Where(tag => tag <= sent.Tag).ToList() : [sent.Tag];
                covered.ShouldAllBe(tag => round.Contains(tag));
                open.ExceptWith(covered);
            }
        }

        open.ShouldBeEmpty();
    }

    private static Settlement Done(ulong tag) => new(tag, SettleAs.Done);

    private List<Settlement> Take(params Settlement[] settlements)
    {
        foreach (var settlement in settlements)
        {
            _plan.Add(settlement);
        }

        return _plan.Take();
    }
}
