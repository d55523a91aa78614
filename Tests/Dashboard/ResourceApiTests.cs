using System.Net;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

[Collection(SampleDashboardTests.Name)]
public sealed class ResourceApiTests(SampleDashboard dashboard)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_stand_under_their_resource_with_state_address_and_what_they_take()
    {
        // The CPU needs two measurements.
        var resources = new Dictionary<string, JsonElement>();
        await Eventually.HoldsAsync(async () =>
        {
            resources = await ResourcesAsync();
            return resources["sample"].GetProperty("instances").EnumerateArray().All(i => i.TryGetProperty("cpu", out _));
        });

        var sample = resources["sample"];
        (sample.GetProperty("type").GetString(), sample.GetProperty("state").GetString(), sample.GetProperty("health").GetString()).ShouldBe(("Project", "Running", "Healthy"));
        sample.GetProperty("urls")[0].GetProperty("url").GetString().ShouldStartWith("http://localhost:");
        sample.GetProperty("commands").EnumerateArray().Select(c => c.GetString()).ShouldBe(["stop", "restart", "kill"]);
        sample.GetProperty("references")[0].GetString().ShouldBe("admin-key");
        var replica = sample.GetProperty("instances").EnumerateArray().First();
        replica.GetProperty("id").GetString().ShouldBe("sample-1");
        replica.GetProperty("memoryBytes").GetInt64().ShouldBeGreaterThan(10_000_000);
        replica.GetProperty("readyAfterMs").GetDouble().ShouldBeGreaterThan(0);
        resources["second"].GetProperty("waitsFor")[0].GetString().ShouldBe("sample");
        resources["second"].GetProperty("references")[0].GetString().ShouldBe("sample");
    }

    [Fact]
    public async Task Secrets_of_an_environment_are_masked_until_one_is_asked_for()
    {
        async Task<Dictionary<string, JsonElement>> Variables(string query) => (await dashboard.GetAsync($"/api/resources/sample/environment?instance=sample-2{query}"))
            .GetProperty("variables").EnumerateArray().ToDictionary(v => v.GetProperty("name").GetString()!);
        var variables = await Variables("");

        variables["PLAIN"].GetProperty("value").GetString().ShouldBe("seen");
        variables["OTEL_RESOURCE_ATTRIBUTES"].GetProperty("value").GetString().ShouldBe("service.instance.id=sample-2");
        foreach (var secret in new[] { "Admin__Code", "Some__Token", "ConnectionStrings__x", "OTEL_EXPORTER_OTLP_HEADERS" })
        {
            variables[secret].GetProperty("secret").GetBoolean().ShouldBeTrue(secret);
            variables[secret].TryGetProperty("value", out _).ShouldBeFalse(secret);
        }

        variables = await Variables("&reveal=ConnectionStrings__x");
        variables["ConnectionStrings__x"].GetProperty("value").GetString().ShouldBe("Host=h;Password=hush");
        variables["Some__Token"].TryGetProperty("value", out _).ShouldBeFalse();
        (await dashboard.GetAsync("/api/resources/admin-key/environment")).GetProperty("variables")[0].TryGetProperty("value", out _).ShouldBeFalse();
        (await dashboard.StatusAsync(HttpMethod.Get, "/api/resources/nobody/environment")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_command_answers_when_the_state_has_changed()
    {
        (await CommandAsync("second", "stop")).GetProperty("success").GetBoolean().ShouldBeTrue();
        var second = (await ResourcesAsync())["second"];
        (second.GetProperty("state").GetString(), second.GetProperty("commands")[0].GetString()).ShouldBe(("Finished", "start"));
        second.GetProperty("instances")[0].GetProperty("commands").EnumerateArray().Select(c => c.GetString()).ShouldBe(["start"]);

        (await CommandAsync("second", "start")).GetProperty("success").GetBoolean().ShouldBeTrue();
        (await ResourcesAsync())["second"].GetProperty("state").GetString().ShouldBe("Running");
        var refused = await CommandAsync("second", "dance");
        (refused.GetProperty("success").GetBoolean(), refused.GetProperty("message").GetString()!.Length > 0).ShouldBe((false, true));
    }

    [Fact]
    public async Task The_console_begins_with_what_was_written_before_and_numbers_it_over_all_processes()
    {
        var all = await dashboard.GetAsync("/api/console?limit=10000");
        var lines = all.GetProperty("lines").EnumerateArray().ToList();
        lines.Select(l => l.GetProperty("n").GetInt64()).ShouldBeInOrder(SortDirection.Ascending);
        lines.Select(l => l.GetProperty("instance").GetString()).Distinct().Count().ShouldBe(3);
        all.GetProperty("next").GetInt64().ShouldBeGreaterThanOrEqualTo(lines[^1].GetProperty("n").GetInt64());

        var started = await dashboard.GetAsync("/api/console?resource=sample&text=%22application%20started%22");
        started.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("instance").GetString()).Distinct().Order().ShouldBe(["sample-1", "sample-2"]);
        var first = await dashboard.GetAsync("/api/console?resource=sample-2&after=0&limit=1");
        var next = first.GetProperty("next").GetInt64();
        (await dashboard.GetAsync($"/api/console?resource=sample-2&after={next}&limit=1")).GetProperty("lines")[0].GetProperty("n").GetInt64().ShouldBeGreaterThan(next);

        using var file = await dashboard.Browser.GetAsync(new Uri("/api/console/download?resource=sample-1", UriKind.Relative), Cancellation);
        (await file.Content.ReadAsStringAsync(Cancellation)).ShouldContain("sample-1 | ");
    }

    [Fact]
    public async Task Settings_say_where_telemetry_goes_and_where_a_request_leads_to()
    {
        var settings = await dashboard.GetAsync("/api/settings");
        settings.GetProperty("otlp").GetProperty("grpc").GetString().ShouldBe(dashboard.Address.OtlpGrpcUrl);
        var link = settings.GetProperty("links")[0];
        (link.GetProperty("attribute").GetString(), link.GetProperty("label").GetString()).ShouldBe(("feedback.request.id", "Request"));
        var url = link.GetProperty("url").GetString()!;
        url.ShouldStartWith("http://localhost:");
        url.ShouldEndWith("/admin#{value}");
        var run = (await dashboard.GetAsync("/api/runs")).GetProperty("runs")[0];
        (run.GetProperty("current").GetBoolean(), run.GetProperty("id").GetString()).ShouldBe((true, settings.GetProperty("run").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_page_is_told_of_resources_telemetry_and_lines_as_they_come()
    {
        using var live = await SseReader.OpenAsync(dashboard.Browser, "/api/stream");
        (await live.NextAsync("resources")).GetProperty("resources").GetArrayLength().ShouldBe(3);
        var before = (await live.NextAsync("telemetry")).GetProperty("logs").GetInt64();
        await dashboard.SendAsync("logs", OtlpMessage.Export("live", "c", OtlpMessage.Log("now")));
        (await live.NextAsync("telemetry")).GetProperty("logs").GetInt64().ShouldBeGreaterThan(before);
        (await live.NextAsync("usage")).GetProperty("instances").TryGetProperty("sample-1", out _).ShouldBeTrue();

        using var lines = await SseReader.OpenAsync(dashboard.Browser, "/api/stream?console=true&resource=sample");
        (await lines.NextAsync("lines")).GetProperty("lines")[0].GetProperty("instance").GetString()!.ShouldStartWith("sample-");
    }

    [Fact]
    public async Task A_window_without_a_connection_to_keep_is_told_all_at_once()
    {
        using var live = await SseReader.OpenAsync(dashboard.Browser, "/api/stream?once=true&console=true&resource=sample");
        (await live.NextAsync("resources")).GetProperty("resources").GetArrayLength().ShouldBe(3);
        (await live.NextAsync("usage")).GetProperty("instances").ValueKind.ShouldBe(JsonValueKind.Object);
        (await live.NextAsync("lines")).GetProperty("next").GetInt64().ShouldBeGreaterThan(0);
        await Should.ThrowAsync<InvalidOperationException>(() => live.NextAsync("resources"));
    }

    private async Task<Dictionary<string, JsonElement>> ResourcesAsync() =>
        (await dashboard.GetAsync("/api/resources")).GetProperty("resources").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!);

    private async Task<JsonElement> CommandAsync(string resource, string command)
    {
        using var answer = await dashboard.Browser.PostAsync(new Uri($"/api/resources/{resource}/commands/{command}", UriKind.Relative), null, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
