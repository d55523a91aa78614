using System.Net;
using Aspire.Hosting.Testing;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>Work that kills whoever takes it, and what its workers had beside it.</summary>
[Collection(SystemTests.Name)]
public sealed class WorkerDeathTests(RunningSystem system)
{
    private const int Neighbours = 5;
    private const string Deadly = "deadly";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_that_kills_every_worker_is_held_while_its_neighbours_lose_nothing_but_time_and_a_person_may_try_again()
    {
        var app = await system.StartAsync(Cancellation);
        using var person = await system.NewPersonAsync(Cancellation);
        await app.StopReplicasAsync("backend", Cancellation);
        var killer = Guid.CreateVersion7();
        var neighbours = Enumerable.Range(0, Neighbours).Select(_ => Guid.CreateVersion7()).ToArray();
        try
        {
            // The neighbours take longer than the killer lets anybody live beside it.
            await person.SubmitAsync(killer, "echo", new { text = Deadly, delayMs = 300 }, Cancellation);
            foreach (var id in neighbours)
                await person.SubmitAsync(id, "echo", new { text = "innocent", delayMs = 600 }, Cancellation);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var dying = LiveAndDieAsync((await app.GetConnectionStringAsync("messaging", Cancellation))!, over.Token);

            var held = await person.UntilAsync(killer, "Held", Cancellation);
            var ends = await Task.WhenAll(neighbours.Select(id => person.UntilAsync(id, "Succeeded", Cancellation)));
            await over.CancelAsync();
            var deaths = await dying;

            held.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/worker-died");
            (await DeathsAsync(person, killer)).ShouldBe((Counted: 3, Spared: 1));
            deaths.ShouldBeGreaterThanOrEqualTo(4 * 2, "each attempt was given more than one chance");
            var told = await Task.WhenAll(neighbours.Select(id => DeathsAsync(person, id)));
            told.ShouldAllBe(neighbour => neighbour.Counted == 0);
            told.Sum(neighbour => neighbour.Spared).ShouldBeGreaterThan(0, "they have died with it");
            ends.ShouldAllBe(end => end.GetProperty("attempt").GetProperty("number").GetInt32() == 1);
        }
        finally
        {
            await app.StartReplicasAsync("backend", CancellationToken.None);
        }

        (await person.RetryAsync(killer, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);
        await person.UntilAsync(killer, "Succeeded", Cancellation);
    }

    private static async Task<(int Counted, int Spared)> DeathsAsync(Person person, Guid id)
    {
        var failed = (await person.EventsAsync(id, Cancellation)).Where(e => e.GetProperty("type").GetString() == "attempt-failed").Select(e => e.GetProperty("data")).ToArray();
        var spared = failed.Count(data => data.TryGetProperty("spared", out var said) && said.GetBoolean());
        return (failed.Length - spared, spared);
    }

    /// <summary>One worker after the other, as a supervisor restarts a process that has died. Returns how many have died.</summary>
    private static async Task<int> LiveAndDieAsync(string broker, CancellationToken over)
    {
        var dead = new List<MortalWorker>();
        while (!over.IsCancellationRequested)
        {
            var worker = await MortalWorker.StartAsync(broker, handling => handling.Add<Handler>(Kinds.Echo, concurrency: 16), CancellationToken.None);
            dead.Add(worker);
            await worker.Death.WaitAsync(over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var deaths = dead.Count(worker => worker.Death.IsCompleted);
        await Task.WhenAll(dead.Select(worker => worker.DisposeAsync().AsTask()));
        return deaths;
    }

    private sealed class Handler(MortalWorker worker) : IRequestHandler<EchoRequest, EchoResult>
    {
        public async Task<EchoResult> HandleAsync(EchoRequest request, HandlerContext context, CancellationToken cancellationToken)
        {
            await Task.Delay(request.DelayMs ?? 0, cancellationToken);
            if (request.Text == Deadly)
            {
                await worker.DieAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return new(request.Text);
        }
    }
}
