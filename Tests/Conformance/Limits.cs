using System.Globalization;
using System.Net;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary>
/// What is refused before it is accepted. A deployment's limit is far above what a test should send to it, and not told over HTTP:
/// <c>CONFORMANCE_OPEN</c> says how many open requests it takes of one owner. Without it these are skipped; <c>Tests/Requests/AdmissionTests</c>
/// shows them on replicas with low limits.
/// </summary>
public sealed class Limits(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task Too_many_open_requests_are_429_and_keep_nothing_while_a_replay_is_never_refused()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("CONFORMANCE_OPEN"), NumberStyles.None, CultureInfo.InvariantCulture, out var most))
            Assert.Skip("CONFORMANCE_OPEN does not say how many open requests this deployment takes of one owner.");
        var payload = new { text = "a", delayMs = 60_000 };
        var accepted = new List<Guid>();
        try
        {
            // Counts of other replicas come within seconds, so that somewhat more than the limit may get in.
            for (var refused = false; !refused; await Task.Delay(100, Cancellation))
            {
                accepted.Count.ShouldBeLessThanOrEqualTo(4 * most);
                var id = Guid.CreateVersion7();
                var answer = await Me.SubmitAsync(id, "echo", payload, Cancellation);
                refused = answer.Status is not HttpStatusCode.Accepted;
                if (!refused)
                {
                    accepted.Add(id);
                    continue;
                }

                ShouldBeProblem(answer, HttpStatusCode.TooManyRequests, "too-many-open");
                answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThan(0);
                (await GetAsync($"/requests/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
            }

            var replay = await Me.SubmitAsync(accepted[0], "echo", payload, Cancellation);
            replay.Status.ShouldBe(HttpStatusCode.Accepted, replay.Text);
            replay.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        }
        finally
        {
            foreach (var id in accepted)
                await Me.CancelAsync(id, Cancellation);
        }
    }
}
