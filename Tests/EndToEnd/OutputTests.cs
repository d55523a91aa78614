using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Messaging;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>What a handler emits piece by piece, reported over the broker to two instances of Web that take from it in turn.</summary>
public sealed class OutputTests(RabbitMqServer broker, PostgresServer postgres) : BrokerTest(broker)
{
    private const int Pieces = 2_000;
    private const int WithTheOutcome = 100;

    [Fact]
    public async Task It_arrives_whole_and_in_order_in_far_fewer_events_than_pieces()
    {
        var kind = new Kind<EchoRequest, EchoResult>(Kind, KindPolicy.Default);
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var one = await WebInProcess.StartAsync(database, Server.ConnectionString, kind);
        await using var other = await WebInProcess.StartAsync(database, Server.ConnectionString, kind);
        await using var worker = await MortalWorker.StartAsync(Server.ConnectionString, handling => handling.Add<Teller>(kind, concurrency: 1), Cancellation);
        using var person = await one.NewPersonAsync();
        var id = Guid.CreateVersion7();
        await person.SubmitAsync(id, Kind, new { text = "" }, Cancellation);
        // An outcome that overtakes output on its way through the other instance closes the request: output is a preview.
        await UntilAsync(async () => string.Concat((await OutputAsync(person, id)).Values) == Told(Pieces - WithTheOutcome));
        worker.Seen.SetResult();
        await person.UntilAsync(id, "Succeeded", Cancellation);

        var output = await OutputAsync(person, id);
        output.Keys.ShouldBe(Enumerable.Range(0, output.Count));
        string.Concat(output.Values).ShouldBe(Told(Pieces));
        output.Count.ShouldBeInRange(3, Pieces / 10);
    }

    private static string Told(int pieces) => string.Concat(Enumerable.Range(0, pieces).Select(Teller.Piece));

    private static async Task<SortedDictionary<int, string>> OutputAsync(Person person, Guid id)
    {
        var output = new SortedDictionary<int, string>();
        for (var after = 0; ;)
        {
            var page = (await person.GetAsync($"/requests/{id}/events?after={after}", Cancellation)).Json.GetProperty("events").EnumerateArray().ToArray();
            if (page.Length == 0)
                break;
            after = page[^1].GetProperty("version").GetInt32();
            foreach (var data in page.Where(e => e.GetProperty("type").GetString() == "output-appended").Select(e => e.GetProperty("data")))
                output.Add(data.GetProperty("index").GetInt32(), data.GetProperty("chunk").GetString()!);
        }

        return output;
    }

    private sealed class Teller(MortalWorker worker) : IRequestHandler<EchoRequest, EchoResult>
    {
        public static string Piece(int n) => $"{n:0000} ünicöde 😀\n";

        public async Task<EchoResult> HandleAsync(EchoRequest request, HandlerContext context, CancellationToken cancellationToken)
        {
            for (var n = 0; n < Pieces; n++)
            {
                if (n == Pieces - WithTheOutcome)
                    await worker.Seen.Task.WaitAsync(cancellationToken);
                context.Emit(Piece(n));
                if (n % 200 == 0)
                    await Task.Delay(110, cancellationToken); // long enough for a report to go out
            }

            return new("told");
        }
    }
}
