using System.Net;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Admin;

/// <summary>One request as it was at any time.</summary>
public sealed class RequestHistoryTests(PostgresServer postgres) : AdminTest(postgres)
{
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
}
