using System.Net;
using System.Text.Json;
using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Admin;

/// <summary>What admins find and which request it is.</summary>
public sealed class AdminRequestsTests(PostgresServer postgres) : AdminTest(postgres)
{
    [Fact]
    public async Task Filters_stand_in_the_address_and_go_along_to_the_next_page()
    {
        var owner = Guid.NewGuid();
        var held = new List<Guid>();
        for (var n = 0; n < 3; n++)
        {
            held.Insert(0, await Web.AcceptAsync(owner: owner));
            await Web.HoldAsync(held[0], "The disk & more is full.");
        }

        var waiting = await Web.AcceptAsync("csv-profile");

        (await Admin.FindAsync("")).ShouldBe([waiting, .. held]);
        (await Admin.FindAsync("held=true")).ShouldBe(held);
        (await Admin.FindAsync("status=Held&held=true")).ShouldBe(held);
        (await Admin.FindAsync("kind=csv-profile")).ShouldBe([waiting]);
        (await Admin.FindAsync($"owner={owner}")).ShouldBe(held);
        (await Admin.FindAsync("stalled=true")).ShouldBeEmpty();
        (await Admin.FindAsync("minAge=3600")).ShouldBeEmpty();
        (await Admin.FindAsync("maxAge=3600&error=DISK%20%26")).ShouldBe(held);

        var seen = new List<Guid>();
        for (var next = "/admin/requests?limit=2&error=disk%20%26"; next is not null;)
        {
            using var response = await Admin.GetAsync(next, Cancellation);
            var page = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            seen.AddRange(page.GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("id").GetGuid()));
            next = page.TryGetProperty("next", out var address) ? address.GetString() : null;
            if (next is not null)
                response.Headers.GetValues("Link").ShouldBe([$"<{next}>; rel=\"next\""]);
        }

        seen.ShouldBe(held);
    }

    [Theory]
    [InlineData("status=5")]
    [InlineData("status=held")]
    [InlineData("status=Failed&held=true")]
    [InlineData("held=1")]
    [InlineData("stalled=yes")]
    [InlineData("owner=me")]
    [InlineData("kind=")]
    [InlineData("kind=a%00b")]
    [InlineData("error=a%00b")]
    [InlineData("minAge=-1")]
    [InlineData("maxAge=1h")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("cursor=nonsense")]
    public async Task A_filter_that_cannot_be_read_is_told_so(string query) =>
        await (await Admin.GetAsync($"/admin/requests?{query}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-query");

    [Fact]
    public async Task The_document_has_owner_payload_result_attempts_and_the_trace()
    {
        var owner = Guid.NewGuid();
        var id = await Web.AcceptAsync(owner: owner, payload: """{"text":"look at me"}""");
        var run = Guid.NewGuid();
        await Web.AppendAsync(id, Report(run, Started() with { Worker = "backend-7" }));
        await Web.AppendAsync(id, Report(run, Succeeded("""{"text":"done"}""")));

        var document = await Admin.GetJsonAsync($"/admin/requests/{id}");

        document.GetProperty("owner").GetGuid().ShouldBe(owner);
        document.GetProperty("status").GetString().ShouldBe("Succeeded");
        document.GetProperty("version").GetInt32().ShouldBe(3);
        document.GetProperty("payload").GetProperty("text").GetString().ShouldBe("look at me");
        document.GetProperty("result").GetProperty("text").GetString().ShouldBe("done");
        document.GetProperty("traceUrl").GetString().ShouldBe("http://localhost:15100/traces/detail/0af7651916cd43dd8448eb211c80319c");
        var attempt = document.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem();
        attempt.GetProperty("outcome").GetString().ShouldBe("Succeeded");
        attempt.GetProperty("runs")[0].GetProperty("worker").GetString().ShouldBe("backend-7");
        attempt.GetProperty("runs")[0].GetProperty("tookMs").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task What_a_guest_submitted_who_signed_in_since_is_the_users_and_tells_who_submitted_it()
    {
        using var device = await Web.PersonAsync();
        await device.SignUpAsync("anna").ReadAsync<Who>();
        using var elsewhere = await Web.PersonAsync();
        var guest = await elsewhere.MeAsync();
        var id = Guid.CreateVersion7();
        await elsewhere.SubmitAsync(id);
        var user = await elsewhere.SignInAsync("anna").ReadAsync<Who>();

        var document = await Admin.GetJsonAsync($"/admin/requests/{id}");
        document.GetProperty("owner").GetGuid().ShouldBe(user.Id);
        document.GetProperty("submittedBy").GetGuid().ShouldBe(guest.Id);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("localhost:15100")]
    [InlineData("/dashboard")]
    public async Task An_address_of_the_dashboard_that_is_none_stops_the_start(string url) =>
        (await Should.ThrowAsync<OptionsValidationException>(AdminReplica.StartAsync(
            await Postgres.CreateDatabaseAsync(Cancellation), builder => builder.Configuration.AddInMemoryCollection([new("Dashboard:Url", url)])))).Message.ShouldContain("Dashboard:Url");

    [Fact]
    public void Without_a_dashboard_there_is_no_link() => new DashboardOptions().TraceUrl("0af7651916cd43dd8448eb211c80319c").ShouldBeNull();
}
