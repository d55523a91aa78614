using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class IdentityContractTests(LiveReplicas web) : IClassFixture<LiveReplicas>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/me", "get")]
    [InlineData("/me/tokens", "post")]
    [InlineData("/me/tokens", "delete")]
    [InlineData("/me/tokens/refresh", "post")]
    [InlineData("/me/pairing", "post")]
    [InlineData("/me/pair", "post")]
    [InlineData("/me/sign-up", "post")]
    [InlineData("/me/sign-in", "post")]
    [InlineData("/me/sign-out", "post")]
    public async Task Every_endpoint_is_described(string path, string method)
    {
        using var script = web.A.Script();
        var document = await script.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancellation);
        var operation = document.GetProperty("paths").GetProperty(path).GetProperty(method);
        operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
        operation.GetProperty("tags")[0].GetString().ShouldBe("Me");
    }

    [Theory]
    [InlineData("/me/tokens/refresh")]
    [InlineData("/me/pair")]
    [InlineData("/me/sign-in")]
    public async Task Who_is_nobody_cannot_send_large_bodies(string path)
    {
        using var script = web.A.Script();
        using var refused = await script.PostAsync(path, new { code = new string('x', 20_000) });
        await Support.ProblemAssertions.ShouldBeProblemAsync(refused, System.Net.HttpStatusCode.RequestEntityTooLarge, "too-large");
    }
}
