using System.Net;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>Work that kills whoever takes it.</summary>
[Collection(SystemTests.Name)]
public sealed class WorkerDeathTests(RunningSystem system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_that_kills_every_worker_is_held_with_the_reason_and_a_person_may_try_again()
    {
        var app = await system.StartAsync(Cancellation);
        using var person = await system.NewPersonAsync(Cancellation);
        var id = Guid.CreateVersion7();
        await Task.WhenAll(app.Replicas("backend").Select(backend => backend.StopAsync(Cancellation)));
        try
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var dying = DieOfEachAsync((await app.GetConnectionStringAsync("messaging", Cancellation))!, enough.Token);
            await person.SubmitAsync(id, "echo", new { text = "poison" }, Cancellation);

            var held = await person.UntilAsync(id, "Held", Cancellation);

            held.GetProperty("error").GetProperty("type").GetString().ShouldBe("/problems/worker-died");
            held.GetProperty("attempt").GetProperty("number").GetInt32().ShouldBe(3);
            (await person.EventsAsync(id, Cancellation)).Count(e => e.GetProperty("type").GetString() == "attempt-failed").ShouldBe(3);
            await enough.CancelAsync();
            (await dying).ShouldBeGreaterThanOrEqualTo(3 * 2, "each attempt was given more than one chance");
        }
        finally
        {
            await Task.WhenAll(app.Replicas("backend").Select(backend => backend.StartAsync(CancellationToken.None)));
        }

        (await person.RetryAsync(id, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);
        await person.UntilAsync(id, "Succeeded", Cancellation);
    }

    /// <summary>A worker whose process is gone as soon as it has work, again and again. Returns how often it died.</summary>
    private static async Task<int> DieOfEachAsync(string broker, CancellationToken enough)
    {
        var deaths = 0;
        while (!enough.IsCancellationRequested)
        {
            await using var connection = await new ConnectionFactory { Uri = new(broker), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(CancellationToken.None);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: CancellationToken.None);
            await channel.BasicQosAsync(0, 1, global: false, CancellationToken.None);
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, _) =>
            {
                taken.TrySetResult();
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync("requests.echo", autoAck: false, consumer, CancellationToken.None);
            await taken.Task.WaitAsync(enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (taken.Task.IsCompleted)
                deaths++;
        }

        return deaths;
    }
}
