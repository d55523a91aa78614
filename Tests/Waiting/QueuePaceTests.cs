using AspireFeedback.Web.Log;
using AspireFeedback.Web.Waiting;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Waiting;

public sealed class QueuePaceTests
{
    [Fact]
    public void Without_a_sample_nothing_is_known() => new QueuePace().Of(Start).ShouldBeNull();

    [Fact]
    public void One_sample_tells_places_and_no_pace()
    {
        var pace = new QueuePace();
        pace.Add(Sample(at: 100, [1, 2, 3]));

        pace.Of(Start.AddSeconds(1)).ShouldBe(new(1, null));
        pace.Of(Start.AddSeconds(3)).ShouldBe(new(3, null));
        pace.Of(Start.AddSeconds(50)).ShouldBe(new(4, null), "accepted after the sample");
    }

    [Fact]
    public void Between_the_points_of_a_long_queue_places_follow_the_time()
    {
        var pace = new QueuePace();
        pace.Add(new("echo", Start.AddSeconds(200), 101, [Start, Start.AddSeconds(100)], [1, 101]));

        pace.Of(Start.AddSeconds(50))!.Position.ShouldBeInRange(50, 52);
        pace.Of(Start.AddSeconds(100))!.Position.ShouldBe(101);
    }

    [Fact]
    public void The_time_to_wait_follows_from_what_was_taken_between_samples_whatever_came_meanwhile()
    {
        var pace = new QueuePace();
        pace.Add(Sample(at: 100, [1, 2, 3, 4, 5, 6]));
        pace.Add(Sample(at: 110, [3, 4, 5, 6, 101, 102, 103])); // two in ten seconds

        pace.Of(Start.AddSeconds(3)).ShouldBe(new(1, 5));
        pace.Of(Start.AddSeconds(6)).ShouldBe(new(4, 20));
        pace.Of(Start.AddSeconds(103)).ShouldBe(new(7, 35));
    }

    [Fact]
    public void A_queue_that_stands_still_has_no_time_to_wait()
    {
        var pace = new QueuePace();
        pace.Add(Sample(at: 100, [1, 2]));
        pace.Add(Sample(at: 101, [1, 2]));
        pace.Of(Start.AddSeconds(2)).ShouldBe(new(2, null));
    }

    [Fact]
    public void Samples_far_apart_and_those_of_long_ago_say_nothing_of_the_pace()
    {
        var pace = new QueuePace();
        pace.Add(Sample(at: 100, [1, 2, 3]));
        pace.Add(Sample(at: 200, [3]));
        pace.Of(Start.AddSeconds(3)).ShouldBe(new(1, null));

        pace.Add(Sample(at: 201, [150]));
        pace.Of(Start.AddSeconds(150))!.EtaSeconds.ShouldNotBeNull();
        pace.Add(Sample(at: 600, [150]));
        pace.Of(Start.AddSeconds(150))!.EtaSeconds.ShouldBeNull();
    }

    private static WaitingSample Sample(int at, int[] accepted) =>
        new("echo", Start.AddSeconds(at), accepted.Length, [.. accepted.Select(second => Start.AddSeconds(second))], [.. Enumerable.Range(1, accepted.Length)]);
}
