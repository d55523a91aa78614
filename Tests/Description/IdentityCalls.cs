using AspireFeedback.Tests.Identity;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using static AspireFeedback.Tests.Description.DescribedApi;

namespace AspireFeedback.Tests.Description;

/// <summary>Everything under <c>/me</c>.</summary>
internal static class IdentityCalls
{
    private const string Ada = $$"""{"userName":"ada","password":"{{Identity.Person.Password}}"}""";

    public static async Task RunAsync(DescribedApi api, WebReplica web, Func<(string, string)[], Task<WebReplica>> start)
    {
        await WhoAsync(api, web);
        await RefusedAsync(api, web);
        await LimitedAsync(api, start);
    }

    private static async Task WhoAsync(DescribedApi api, WebReplica web)
    {
        using var ada = web.Browser();
        using var other = web.Browser();
        await api.CallAsync(ada, "GetMe", 200, "/me");
        var refreshToken = (await api.CallAsync(ada, "IssueTokens", 200, "/me/tokens")).GetProperty("refreshToken");
        await api.CallAsync(other, "RefreshTokens", 200, "/me/tokens/refresh", Json($$"""{"refreshToken":{{refreshToken.GetRawText()}}}"""));
        await api.CallAsync(ada, "RevokeTokens", 204, "/me/tokens");
        await api.CallAsync(other, "RefreshTokens", 401, "/me/tokens/refresh", Json($$"""{"refreshToken":{{refreshToken.GetRawText()}}}"""), "unauthorized");

        var code = (await api.CallAsync(ada, "OpenPairing", 200, "/me/pairing")).GetProperty("code");
        await api.CallAsync(other, "Pair", 200, "/me/pair", Json($$"""{"code":{{code.GetRawText()}}}"""));
        await api.CallAsync(other, "Pair", 404, "/me/pair", Json($$"""{"code":{{code.GetRawText()}}}"""), "unknown-code");

        await api.CallAsync(ada, "SignUp", 200, "/me/sign-up", Json(Ada));
        await api.CallAsync(other, "GetMe", 503, "/me", problem: "identity-changed");
        await api.CallAsync(ada, "SignUp", 409, "/me/sign-up", Json(Ada), "already-signed-in");
        await api.CallAsync(ada, "GetMe", 200, "/me");
        await api.CallAsync(ada, "SignOut", 204, "/me/sign-out");
        await api.CallAsync(ada, "SignUp", 409, "/me/sign-up", Json(Ada), "name-taken");
        await api.CallAsync(ada, "SignIn", 401, "/me/sign-in", Json("""{"userName":"ada","password":"something else"}"""), "wrong-credentials");
        await api.CallAsync(ada, "SignIn", 200, "/me/sign-in", Json(Ada));
    }

    private static async Task RefusedAsync(DescribedApi api, WebReplica web)
    {
        using var nobody = web.Script();
        using var token = web.Script("nonsense");
        using var person = await web.PersonAsync();
        await api.CallAsync(token, "GetMe", 401, "/me", problem: "unauthorized");
        foreach (var (operation, path) in new[] { ("IssueTokens", "/me/tokens"), ("RevokeTokens", "/me/tokens"), ("OpenPairing", "/me/pairing") })
            await api.CallAsync(nobody, operation, 401, path, problem: "unauthorized");

        foreach (var (operation, path) in new[]
        {
            ("IssueTokens", "tokens"), ("RefreshTokens", "tokens/refresh"), ("RevokeTokens", "tokens"), ("OpenPairing", "pairing"), ("Pair", "pair"), ("SignUp", "sign-up"),
            ("SignIn", "sign-in"), ("SignOut", "sign-out"),
        })
            await api.CallAsync(person, operation, 403, $"/me/{path}", null, "forbidden-origin", ("Origin", "https://evil.example"));

        using var script = web.Script((await person.TokensAsync()).AccessToken);
        foreach (var (operation, path) in new[] { ("IssueTokens", "tokens"), ("OpenPairing", "pairing"), ("Pair", "pair"), ("SignUp", "sign-up"), ("SignIn", "sign-in"), ("SignOut", "sign-out") })
            await api.CallAsync(script, operation, 403, $"/me/{path}", operation is "IssueTokens" or "OpenPairing" or "SignOut" ? null : Json(Ada), "session-required");

        foreach (var (operation, path) in new[] { ("RefreshTokens", "tokens/refresh"), ("Pair", "pair"), ("SignUp", "sign-up"), ("SignIn", "sign-in") })
        {
            await api.CallAsync(nobody, operation, 400, $"/me/{path}", Json("{"), "invalid-json");
            await api.CallAsync(nobody, operation, 400, $"/me/{path}", Json(""), "invalid-request");
            await api.CallAsync(nobody, operation, 413, $"/me/{path}", Json(new string(' ', 20_000)), "too-large");
            await api.CallAsync(nobody, operation, 415, $"/me/{path}", new StringContent("text"), "unsupported-media-type");
            await api.CallAsync(nobody, operation, 415, $"/me/{path}", OfNoCharset(), "unsupported-media-type");
        }
    }

    private static StringContent OfNoCharset()
    {
        var content = new StringContent("{}");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json;charset=none-such");
        return content;
    }

    private static async Task LimitedAsync(DescribedApi api, Func<(string, string)[], Task<WebReplica>> start)
    {
        string[] limits = ["TokensPerOwner", "RefreshesPerAddress", "RevocationsPerAddress", "CodesPerOwner", "PairingsPerAddress", "SignUpsPerAddress", "SignInsPerAddress"];
        await using var web = await start([.. limits.Select(limit => ($"Identity:{limit}", "1"))]);
        using var revoking = await web.PersonAsync();
        await api.CallAsync(revoking, "RevokeTokens", 204, "/me/tokens");
        await api.CallAsync(revoking, "RevokeTokens", 429, "/me/tokens", problem: "too-fast");
        foreach (var (operation, path, body) in new[]
        {
            ("IssueTokens", "tokens", null), ("OpenPairing", "pairing", null), ("RefreshTokens", "tokens/refresh", """{"refreshToken":"x"}"""), ("Pair", "pair", """{"code":"x"}"""),
            ("SignIn", "sign-in", Ada), ("SignUp", "sign-up", Ada),
        })
        {
            using var person = await web.PersonAsync();
            using var first = await person.PostAsync($"/me/{path}", body is null ? null : Json(body), Xunit.TestContext.Current.CancellationToken);
            using var again = operation is "IssueTokens" or "OpenPairing" ? person : web.Browser();
            await api.CallAsync(again, operation, 429, $"/me/{path}", body is null ? null : Json(body), "too-fast");
        }
    }
}
