using System.Net;
using AspireFeedback.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public sealed class RoundTripTests(PostgresServer postgres)
{
    private const int InFlight = 512;
    private const int Each = 4;
    private const int People = 16;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_512_submits_in_flight_a_request_takes_well_below_one_round_trip_to_PostgreSQL()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        var broker = new TakingBroker();
        await using var web = await LiveReplica.StartAsync(database, transport: broker);
        var people = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => web.PersonAsync()));
        (await people[0].SubmitAsync(Guid.CreateVersion7())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var roundTrips = new RoundTrips(new NpgsqlConnectionStringBuilder(database).Database!);

        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(n => SubmitInTurnAsync(people[n % People])));
        // Sending them and taking them out of the outbox are part of it.
        await using (var data = NpgsqlDataSource.Create(database))
            await Eventually.HoldsAsync(async () => (long)(await data.CreateCommand("/* of the test */ select count(*) from outbox").ExecuteScalarAsync(Cancellation))! == 0);

        broker.Work.Count.ShouldBe(InFlight * Each + 1);
        var count = roundTrips.Count - roundTrips.Of("/* of the test */");
        TestContext.Current.SendDiagnosticMessage($"{(double)count / (InFlight * Each):N3} round trips a request\n{roundTrips}");
        count.ShouldBeGreaterThan(InFlight * Each / 512, "nothing was counted");
        ((double)count / (InFlight * Each)).ShouldBeLessThan(0.25, roundTrips.ToString());

        foreach (var person in people)
            person.Dispose();
    }

    private static async Task SubmitInTurnAsync(HttpClient person)
    {
        for (var n = 0; n < Each; n++)
        {
            using var answer = await person.SubmitAsync(Guid.CreateVersion7());
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }
    }
}
