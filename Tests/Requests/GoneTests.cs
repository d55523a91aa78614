using System.Net;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using AspireFeedback.Web.Policies;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public sealed class GoneTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_its_retention_a_request_is_404_and_its_put_410_and_of_anything_else_422()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var web = await RequestsReplica.StartAsync(database, ("Retention:Period", "1.00:00:00"));
        using var person = await web.PersonAsync();
        using var other = await web.PersonAsync();
        var id = Guid.CreateVersion7();
        (await person.SubmitAsync(id)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await web.Services.GetRequiredService<LogAppender>().AppendAsync(id, Log.Given.Report(Guid.NewGuid(), Log.Given.Succeeded("""{"text":"x"}""")), Cancellation);
        using var ended = await person.GetAsync($"/requests/{id}", Cancellation);
        (ended.Content.Headers.Expires! - DateTimeOffset.UtcNow).Value.TotalHours.ShouldBeInRange(23.9, 24.1);

        await PassAsync(web, "1 day");
        await web.Services.GetRequiredService<Retention>().RunOnceAsync(Cancellation);
        await PassAsync(web, "1 minute");
        (await web.Services.GetRequiredService<Retention>().RunOnceAsync(Cancellation)).ShouldBe(1);

        await (await person.GetAsync($"/requests/{id}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await person.SubmitAsync(id)).ShouldBeProblemAsync(HttpStatusCode.Gone, "gone");
        await (await person.SubmitAsync(id, "other")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "id-reused");
        await (await other.SubmitAsync(id)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "id-reused");
    }

    private static async Task PassAsync(WebReplica web, string time) => await web.Services.GetRequiredService<LogDatabase>().CreateCommand($"""
        update requests set expires_at = expires_at - interval '{time}';
        update tombstones set removed_at = removed_at - interval '{time}'
        """).ExecuteNonQueryAsync(Cancellation);
}
