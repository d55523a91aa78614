using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Messaging;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Embedding;

/// <summary>What <c>docs/use-in-your-app.md</c> says, in an application that is not this one.</summary>
public sealed class AnotherApplicationTests(RabbitMqServer broker, PostgresServer postgres) : BrokerTest(broker)
{
    private string _database = "";

    [Fact]
    public async Task Its_users_get_feedback_on_its_kinds_from_its_database()
    {
        await using var shop = await OpenAsync();
        using var ada = shop.ClientOf("ada");
        var (file, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var stored = await ada.PutAsync($"/work/files/{file}", new ByteArrayContent(new byte[1234]), Cancellation);
        stored.StatusCode.ShouldBe(HttpStatusCode.Created);
        stored.Headers.Location!.ToString().ShouldBe($"/work/files/{file}");
        var accepted = await SubmitAsync(ada, id, $$"""{"item":"chair","drawings":["{{file}}"]}""");

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync(Cancellation));
        accepted.Headers.Location!.ToString().ShouldBe($"/work/requests/{id}");
        var ended = await EndAsync(ada, id);
        ended.GetProperty("status").GetString().ShouldBe("Succeeded", ended.ToString());
        ended.GetProperty("result").ToString().ShouldBe("""{"item":"chair","drawnBytes":1234}""");
        (await ada.GetFromJsonAsync<JsonElement>($"/work/requests/{id}/events", Cancellation)).GetProperty("events").EnumerateArray()
            .Select(e => e.GetProperty("type").GetString()).ShouldContain("progress-reported");

        (await ada.GetFromJsonAsync<JsonElement>("/work/me", Cancellation)).ToString()
            .ShouldBe($$"""{"id":"{{RequestFeedback.OwnerOf("ada")}}","kind":"user","name":"ada"}""");
        using var bob = shop.ClientOf("bob");
        (await bob.GetAsync($"/work/requests/{id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.GetAsync($"/work/files/{file}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await CountAsync($"work.requests where id = '{id}' and owner = '{RequestFeedback.OwnerOf("ada")}'")).ShouldBe(1);
        (await CountAsync("public.requests")).ShouldBe(0, "tables of the same name elsewhere are none of its business");
    }

    [Fact]
    public async Task Its_users_are_told_live_and_pages_of_others_are_not()
    {
        await using var shop = await OpenAsync();
        using var ada = shop.ClientOf("ada");
        var address = new UriBuilder(new Uri(ada.BaseAddress!, "/work/feedback")) { Scheme = "ws" }.Uri;
        await using var hub = await HubClient.ConnectAsync(address, options => options.SetRequestHeader("X-Staff", "ada"), Cancellation);
        await hub.InvokeAsync("Sync", new { known = new Dictionary<Guid, int>() }, Cancellation);
        var id = Guid.CreateVersion7();
        (await SubmitAsync(ada, id, """{"item":"chair"}""")).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Deadline);
        JsonElement status;
        do
            status = (await hub.Calls.ReadAsync(limit.Token)).Argument.GetProperty("status");
        while (!status.GetProperty("done").GetBoolean());

        (status.GetProperty("id").GetGuid(), status.GetProperty("status").GetString()).ShouldBe((id, "Succeeded"));
        await Should.ThrowAsync<WebSocketException>(() => HubClient.ConnectAsync(
            address,
            options =>
            {
                options.SetRequestHeader("X-Staff", "ada");
                options.SetRequestHeader("Origin", "https://elsewhere.example");
            },
            Cancellation));
        await Should.ThrowAsync<WebSocketException>(() => HubClient.ConnectAsync(address, null, Cancellation));
    }

    [Fact]
    public async Task Refusals_are_problems_at_feedbacks_addresses()
    {
        await using var shop = await OpenAsync();
        using var ada = shop.ClientOf("ada");
        using var nobody = shop.ClientOf(null);
        var id = Guid.CreateVersion7();

        await ShouldBeAsync(await SubmitAsync(nobody, id, "{}"), HttpStatusCode.Unauthorized, "unauthorized");
        await ShouldBeAsync(await nobody.GetAsync("/work/me", Cancellation), HttpStatusCode.Unauthorized, "unauthorized");
        await ShouldBeAsync(await SubmitAsync(ada, id, "{}", "echo"), HttpStatusCode.BadRequest, "unknown-kind");
        await ShouldBeAsync(await SubmitAsync(ada, id, """{"item":7}"""), HttpStatusCode.BadRequest, "invalid-payload", "It has not the expected type.");
        await ShouldBeAsync(await SubmitAsync(ada, id, """{"item":null}"""), HttpStatusCode.BadRequest, "invalid-payload", "It has not the expected type.");
        await ShouldBeAsync(await SubmitAsync(ada, id, $$"""{"item":"chair","drawings":["{{Guid.NewGuid()}}"]}"""), HttpStatusCode.BadRequest, "invalid-payload", "There is no file");
        ada.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        await ShouldBeAsync(await SubmitAsync(ada, id, """{"item":"chair"}"""), HttpStatusCode.Forbidden, "forbidden-origin");
        (await nobody.GetAsync("/problems/unknown-kind", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Everything_else_of_the_application_stays_as_it_was()
    {
        await using var shop = await OpenAsync();
        using var ada = shop.ClientOf("ada");
        using var nobody = shop.ClientOf(null);
        ada.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");

        (await ada.PostAsync("/orders", null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK, "its policy 'owner' and its origins are its own");
        (await nobody.PostAsync("/orders", null, Cancellation)).Headers.Location!.ToString().ShouldEndWith("/the-shops-login");
        (await ada.GetStringAsync("/price", Cancellation)).ShouldBe("""{"currency":null,"amount":12}""");
        var defect = await ada.GetAsync("/defect", Cancellation);
        defect.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await defect.Content.ReadAsStringAsync(Cancellation)).ShouldBeEmpty();
        var nothing = await ada.GetAsync("/nothing", Cancellation);
        nothing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nothing.Content.ReadAsStringAsync(Cancellation)).ShouldBeEmpty();
        (await ada.GetAsync("/requests", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "feedback's routes have a prefix");
    }

    private async Task<Shop> OpenAsync()
    {
        _database = await postgres.CreateDatabaseAsync(Cancellation);
        return await Shop.OpenAsync(_database, Server.ConnectionString, new(Kind, KindPolicy.Default));
    }

    private Task<HttpResponseMessage> SubmitAsync(HttpClient client, Guid id, string payload, string? kind = null) => client.PutAsync(
        $"/work/requests/{id}", new StringContent($$"""{"kind":"{{kind ?? Kind}}","payload":{{payload}}}""", Encoding.UTF8, "application/json"), Cancellation);

    private static async Task<JsonElement> EndAsync(HttpClient client, Guid id)
    {
        using var call = new HttpRequestMessage(HttpMethod.Get, $"/work/requests/{id}") { Headers = { { "Prefer", "wait=60" } } };
        using var answer = await client.SendAsync(call, Cancellation);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static async Task ShouldBeAsync(HttpResponseMessage answer, HttpStatusCode status, string problem, string saying = "")
    {
        var text = (await answer.ShouldBeProblemAsync(status, problem)).ToString();
        text.ShouldContain(saying);
        text.ShouldNotContain("Embedding", customMessage: "names of types are nobody's business");
    }

    private async Task<long> CountAsync(string rows)
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand($"select count(*) from {rows}");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
