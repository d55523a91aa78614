using System.Net;
using AspireFeedback.Tests.Feedback;
using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

/// <summary>A newer version has written an event that this one does not know. It says so; it does not leave it out.</summary>
public sealed class UnknownEventTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_is_told_and_the_events_only_up_to_the_unknown_one()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var web = await LiveReplica.StartAsync(database);
        using var browser = web.Browser();
        await browser.MeAsync();
        using var doors = new Doors(web, (await browser.TokensAsync()).AccessToken);
        var id = Guid.CreateVersion7();
        await Doors.ReadAsync(await doors.Http.SubmitAsync(id));
        await using (var data = NpgsqlDataSource.Create(database))
        {
            await data.CreateCommand($"""
                insert into request_events (request_id, version, type, at, data) values ('{id}', 2, 'request-paused', now(), '{"{}"}');
                update requests set version = 2
                """).ExecuteNonQueryAsync(Cancellation);
        }

        Doors.VersionOf(await Doors.ReadAsync(await doors.Http.GetAsync($"/requests/{id}", Cancellation))).ShouldBe(2);
        using var events = await doors.Http.GetAsync($"/requests/{id}/events", Cancellation);
        events.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await Doors.ReadAsync(await doors.Http.GetAsync($"/requests/{id}/events?limit=1", Cancellation))).GetProperty("more").GetBoolean().ShouldBeTrue();

        using var stream = await SseClient.OpenAsync(doors.Http, $"/requests/{id}/events?after=1");
        await ShouldEndAsync(stream);
        await using var hub = await doors.HubAsync();
        await Should.ThrowAsync<InvalidOperationException>(hub.InvokeAsync("Sync", new { known = new Dictionary<Guid, int> { [id] = 1 } }, Cancellation));
    }

    /// <summary>Without any event, in whatever way.</summary>
    private static async Task ShouldEndAsync(SseClient stream)
    {
        try
        {
            (await stream.NextAsync()).ShouldBeNull();
        }
        catch (IOException)
        {
            // Cut off.
        }
    }
}
