using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

internal sealed record Who(Guid Id, string Kind, string? Name = null);

internal sealed record Tokens(string AccessToken, int ExpiresIn, string RefreshToken);

internal sealed record Pairing(string Code, Uri Url, int ExpiresIn);

/// <summary>What tests do under <c>/me</c>.</summary>
internal static class Person
{
    public const string Password = "correct horse battery";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Who> MeAsync(this HttpClient client) => (await client.GetFromJsonAsync<Who>("/me", Cancellation))!;

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object? body = null) =>
        client.PostAsync(path, body is null ? null : JsonContent.Create(body), Cancellation);

    public static async Task<Tokens> TokensAsync(this HttpClient client) => await client.PostAsync("/me/tokens").ReadAsync<Tokens>();

    public static async Task<Pairing> PairingAsync(this HttpClient client) => await client.PostAsync("/me/pairing").ReadAsync<Pairing>();

    public static Task<HttpResponseMessage> PairAsync(this HttpClient client, string code, bool carryOver = false) => client.PostAsync("/me/pair", new { code, carryOver });

    public static Task<HttpResponseMessage> SignUpAsync(this HttpClient client, string userName, string password = Password) =>
        client.PostAsync("/me/sign-up", new { userName, password });

    public static Task<HttpResponseMessage> SignInAsync(this HttpClient client, string userName, string password = Password) =>
        client.PostAsync("/me/sign-in", new { userName, password });

    public static async Task<T> ReadAsync<T>(this Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;
    }

    public static async Task<IReadOnlyList<Guid>> RequestsAsync(this HttpClient client)
    {
        var page = await client.GetFromJsonAsync<JsonElement>("/requests", Cancellation);
        return [.. page.GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("id").GetGuid())];
    }

    public static async Task<HttpStatusCode> KnockAsync(this HttpClient client)
    {
        using var response = await client.GetAsync("/owned", Cancellation);
        return response.StatusCode;
    }

    /// <summary>The hub of a replica, by the headers of a cookie or a token.</summary>
    public static Task<HubClient> HubAsync(this WebReplica web, string header, string value) => HubClient.ConnectAsync(
        new UriBuilder(web.Url) { Scheme = "ws", Path = "/feedback" }.Uri, options => options.SetRequestHeader(header, value), Cancellation);

    /// <summary>Completes when the server has ended the connection.</summary>
    public static Task EndedAsync(this HubClient hub) => hub.Calls.Completion.WaitAsync(Eventually.Deadline, Cancellation);
}
