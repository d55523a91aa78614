using System.Net;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>A new version comes: every process is stopped and started in turn while people go on.</summary>
[Collection(SystemTests.Name)]
public sealed class RollingRestartTests(RunningSystem system)
{
    private const int People = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rolling_restart_of_everything_loses_and_repeats_nothing()
    {
        var app = await system.StartAsync(Cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var people = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => system.NewPersonAsync(Cancellation)));
        var going = people.Select((person, n) => KeepAskingAsync(person, n, over.Token)).ToArray();

        // One replica of each service at a time: of payment, stock and shipping there is no other, and orders wait for it.
        var replicas = new[] { "web", "backend", "payment", "stock", "shipping" }.SelectMany(name => app.Replicas(name)).ToArray();
        foreach (var turn in replicas.GroupBy(replica => replica.Index).OrderBy(turn => turn.Key))
            await Task.WhenAll(turn.Select(RestartAsync));

        await over.CancelAsync();
        var asked = await Task.WhenAll(going);
        asked.Sum(ids => ids.Count).ShouldBeGreaterThan(People * 5);
        await Task.WhenAll(people.Zip(asked, CheckAsync));
    }

    private static async Task RestartAsync(Replica replica)
    {
        await replica.StopAsync(Cancellation);
        await replica.StartAsync(Cancellation);
    }

    private static async Task CheckAsync(Person person, IReadOnlyList<Guid> ids)
    {
        using var leaving = person;
        foreach (var id in ids)
        {
            await person.UntilAsync(id, "Succeeded", Cancellation);
            var events = await person.EventsAsync(id, Cancellation);
            var types = events.Select(e => e.GetProperty("type").GetString()).ToArray();
            types.ShouldNotContain("attempt-failed");
            // A later hop's start may overtake an earlier one's, which is then not recorded; none is begun twice.
            var hops = events.Select(e => e.GetProperty("data")).Where(data => data.TryGetProperty("redelivered", out _)).Select(data => data.GetProperty("hop").GetInt32());
            hops.ShouldBeUnique($"{id}: {string.Join(' ', types)}");
        }
    }

    /// <summary>One after the other, now an echo of half a second, now an order over three services.</summary>
    private static async Task<IReadOnlyList<Guid>> KeepAskingAsync(Person person, int n, CancellationToken over)
    {
        var ids = new List<Guid>();
        while (!over.IsCancellationRequested)
        {
            var id = Guid.CreateVersion7();
            await SubmitAsync(person, id, ++n % 2 == 0);
            ids.Add(id);
            await Task.Delay(250, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ids;
    }

    /// <summary>An answer may be cut off with the replica that was to give it; a client sends the same again, and the id makes that safe.</summary>
    private static async Task SubmitAsync(Person person, Guid id, bool isOrder)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var answer = isOrder
                    ? await person.SubmitAsync(id, "checkout", new { amount = 10, currency = "EUR", items = new[] { new { sku = "lamp", quantity = 1 } } }, Cancellation)
                    : await person.SubmitAsync(id, "echo", new { text = "meanwhile", delayMs = 500, steps = 2 }, Cancellation);
                answer.Status.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.OK);
                return;
            }
            catch (HttpRequestException) when (tries < 10)
            {
                await Task.Delay(200, Cancellation);
            }
        }
    }
}
