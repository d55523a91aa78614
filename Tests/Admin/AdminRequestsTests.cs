using System.Net;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Admin;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Admin;

public sealed class AdminRequestsTests(PostgresServer postgres) : IAsyncLifetime
{
    private WebReplica? _web;
    private HttpClient? _admin;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WebReplica Web => _web!;

    private HttpClient Admin => _admin!;

    public async ValueTask InitializeAsync()
    {
        _web = await AdminReplica.StartAsync(
            await postgres.CreateDatabaseAsync(Cancellation),
            builder => builder.Configuration.AddInMemoryCollection([new("Dashboard:Url", "http://localhost:15100/")]));
        _admin = Web.Admin();
    }

    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        if (_web is not null)
            await _web.DisposeAsync();
    }

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
    public async Task A_large_result_has_an_address_that_opens_to_admins()
    {
        var id = await Web.AcceptAsync();
        var text = new string('x', StatusDocument.InlineResultLimit);
        await Web.AppendAsync(id, Report(Guid.NewGuid(), Succeeded($"\"{text}\"")));

        var document = await Admin.GetJsonAsync($"/admin/requests/{id}");
        document.TryGetProperty("result", out _).ShouldBeFalse();
        document.GetProperty("resultUrl").GetString().ShouldBe($"/admin/requests/{id}/result");
        (await Admin.GetJsonAsync($"/admin/requests/{id}/result")).GetString().ShouldBe(text);
        var events = await Admin.GetJsonAsync($"/admin/requests/{id}/events?after=2");
        events.GetProperty("events")[0].GetProperty("data").GetProperty("resultUrl").GetString().ShouldBe($"/admin/requests/{id}/result");
    }

    [Fact]
    public async Task Nothing_is_sent_again_while_nothing_has_happened()
    {
        var id = await Web.AcceptAsync();
        using var first = await Admin.GetAsync($"/admin/requests/{id}", Cancellation);

        (await AgainAsync()).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        await Web.AppendAsync(id, Report(Guid.NewGuid(), Started()));
        (await AgainAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);

        Task<HttpResponseMessage> AgainAsync()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/admin/requests/{id}");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            return Admin.SendAsync(request, Cancellation);
        }
    }

    [Fact]
    public async Task The_state_as_of_every_version_is_what_the_log_led_to_then()
    {
        var id = await Web.AcceptAsync();
        await Web.HoldAsync(id);
        var events = (await Admin.GetJsonAsync($"/admin/requests/{id}/events")).GetProperty("events").EnumerateArray().ToArray();
        events.Select(e => e.GetProperty("type").GetString()).ShouldBe(
        [
            "request-accepted", "attempt-started", "attempt-failed", "attempt-started", "attempt-failed", "attempt-started", "attempt-failed",
        ]);

        string[] statuses = ["Pending", "Running", "Pending", "Running", "Pending", "Running", "Held"];
        for (var version = 1; version <= statuses.Length; version++)
        {
            var state = await Admin.GetJsonAsync($"/admin/requests/{id}/state?version={version}");
            state.GetProperty("version").GetInt32().ShouldBe(version);
            state.GetProperty("event").GetString().ShouldBe(events[version - 1].GetProperty("type").GetString());
            state.GetProperty("at").GetDateTimeOffset().ShouldBe(events[version - 1].GetProperty("at").GetDateTimeOffset());
            state.GetProperty("request").GetProperty("status").GetString().ShouldBe(statuses[version - 1]);
            state.GetProperty("state").GetProperty("failures").GetInt32().ShouldBe((version - 1) / 2);
        }

        (await Admin.GetJsonAsync($"/admin/requests/{id}/state")).GetProperty("version").GetInt32().ShouldBe(7);
        foreach (var version in new[] { "0", "8", "x" })
            await (await Admin.GetAsync($"/admin/requests/{id}/state?version={version}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-query");
    }

    [Fact]
    public async Task A_stream_longer_than_a_page_is_folded_whole()
    {
        var id = await Web.AcceptAsync();
        var run = Guid.NewGuid();
        for (var n = 0; n < 4; n++)
            await Web.AppendAsync(id, Report(run, new RunReport { Output = [.. Enumerable.Range(n * 200, 200).Select(index => new RunOutput(index, "."))] }));

        var page = await Admin.GetJsonAsync($"/admin/requests/{id}/events?after=700&limit=50");
        page.GetProperty("events")[0].GetProperty("version").GetInt32().ShouldBe(701);
        page.GetProperty("events").GetArrayLength().ShouldBe(50);
        page.GetProperty("more").GetBoolean().ShouldBeTrue();
        (await Admin.GetJsonAsync($"/admin/requests/{id}/state?version=602")).GetProperty("state").GetProperty("outputNext").GetInt32().ShouldBe(600);
    }

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
            await postgres.CreateDatabaseAsync(Cancellation), builder => builder.Configuration.AddInMemoryCollection([new("Dashboard:Url", url)])))).Message.ShouldContain("Dashboard:Url");

    [Fact]
    public void Without_a_dashboard_there_is_no_link() => new DashboardOptions().TraceUrl("0af7651916cd43dd8448eb211c80319c").ShouldBeNull();
}
