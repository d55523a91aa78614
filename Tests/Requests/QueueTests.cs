using System.Net;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public sealed class QueueTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pending_request_tells_its_place_when_read_and_not_in_the_answer_to_its_submit()
    {
        await using var web = await RequestsReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation));
        using var person = await web.PersonAsync();
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids)
        {
            var submitted = await ReadAsync(await person.SubmitAsync(id));
            submitted.TryGetProperty("queue", out _).ShouldBeFalse();
        }

        using var response = await person.GetAsync($"/requests/{ids[2]}", Cancellation);
        response.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        var read = await ReadAsync(response);
        read.GetProperty("queue").GetProperty("position").GetInt32().ShouldBe(3);
        read.GetProperty("queue").TryGetProperty("etaSeconds", out _).ShouldBeFalse("nothing has moved yet");

        (await person.DeleteAsync($"/requests/{ids[1]}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var list = await ReadAsync(await person.GetAsync("/requests", Cancellation));
        list.GetProperty("requests").EnumerateArray().ShouldAllBe(document => document.GetProperty("queue").GetProperty("position").GetInt32() <= 3);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancellation));
}
