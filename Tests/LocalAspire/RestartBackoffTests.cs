using AspireFeedback.LocalAspire.Runtime;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class RestartBackoffTests
{
    [Fact]
    public void Each_quick_crash_doubles_the_wait_up_to_a_limit()
    {
        var backoff = new RestartBackoff();

        var waits = Enumerable.Range(0, 10).Select(_ => backoff.Next(TimeSpan.FromSeconds(1))).ToList();

        waits[0].ShouldBe(RestartBackoff.First);
        waits[1].ShouldBe(RestartBackoff.First * 2);
        waits[^1].ShouldBe(RestartBackoff.Longest);
    }

    [Fact]
    public void A_crash_after_a_long_life_starts_over()
    {
        var backoff = new RestartBackoff();
        backoff.Next(TimeSpan.Zero);
        backoff.Next(TimeSpan.Zero);

        backoff.Next(RestartBackoff.ForgivenAfter).ShouldBe(RestartBackoff.First);
    }
}
