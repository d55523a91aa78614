using System.Net;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Admin;

/// <summary>What admins do to a request of somebody else.</summary>
public sealed class AdminActionsTests(PostgresServer postgres) : AdminTest(postgres)
{
    [Fact]
    public async Task A_retry_by_an_admin_is_seen_by_the_owner_and_who_asked_for_it()
    {
        using var owner = await Web.PersonAsync();
        var id = Guid.CreateVersion7();
        (await owner.SubmitAsync(id)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Web.HoldAsync(id);

        await (await Admin.PostAsync($"/admin/requests/{id}/retry", new { version = 3 })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "version-moved");
        using var retried = await Admin.PostAsync($"/admin/requests/{id}/retry", new { version = 7 });
        retried.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        retried.Headers.Location!.ToString().ShouldBe($"/admin/requests/{id}");

        var seen = await owner.GetJsonAsync($"/requests/{id}/events?after=7");
        seen.GetProperty("events")[0].GetProperty("type").GetString().ShouldBe("retry-requested");
        seen.GetProperty("events")[0].GetProperty("data").GetProperty("by").GetString().ShouldBe("admin");
        (await owner.GetJsonAsync($"/requests/{id}")).GetProperty("status").GetString().ShouldBe("Pending");
        await (await Admin.PostAsync($"/admin/requests/{id}/retry")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "not-held");
    }

    [Fact]
    public async Task A_cancel_by_an_admin_is_seen_by_the_owner_and_who_asked_for_it()
    {
        using var owner = await Web.PersonAsync();
        var id = Guid.CreateVersion7();
        (await owner.SubmitAsync(id)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Web.HoldAsync(id);

        (await Admin.DeleteAsync($"/admin/requests/{id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Admin.DeleteAsync($"/admin/requests/{id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var seen = await owner.GetJsonAsync($"/requests/{id}/events?after=7");
        seen.GetProperty("events")[0].GetProperty("type").GetString().ShouldBe("request-canceled");
        seen.GetProperty("events")[0].GetProperty("data").GetProperty("by").GetString().ShouldBe("admin");
        (await owner.GetJsonAsync($"/requests/{id}")).GetProperty("status").GetString().ShouldBe("Canceled");
    }

    [Fact]
    public async Task What_there_is_not_is_not_found()
    {
        var unknown = Guid.NewGuid();
        foreach (var path in new[] { $"{unknown}", $"{unknown}/events", $"{unknown}/state", $"{unknown}/result", "nonsense" })
            await (await Admin.GetAsync($"/admin/requests/{path}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await Admin.PostAsync($"/admin/requests/{unknown}/retry")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await Admin.DeleteAsync($"/admin/requests/{unknown}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
    }
}
