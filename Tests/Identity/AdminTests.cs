using System.Net;
using AspireFeedback.Tests.Support;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class AdminTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_admin_key_opens_admin_pages_and_nobody_else_learns_that_they_exist()
    {
        await using var web = await WebReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation));
        using var admin = web.Script(WebReplica.AdminKey);
        using var wrong = web.Script(WebReplica.AdminKey + "!");
        using var guest = web.Browser();
        await guest.GetAsync("/me", Cancellation);
        using var nobody = web.Script();

        (await admin.GetAsync("/admin/secrets", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var client in new[] { wrong, guest, nobody })
        {
            var refused = await client.GetAsync("/admin/secrets", Cancellation);
            var missing = await client.GetAsync("/admin/nothing-at-all", Cancellation);
            (await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found")).GetProperty("title").GetString()
                .ShouldBe((await missing.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found")).GetProperty("title").GetString());
        }

        // The key makes nobody an owner.
        (await admin.GetAsync("/owned", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_a_configured_key_nobody_is_admin(string? key)
    {
        await using var web = await WebReplica.StartAsync(
            await postgres.CreateDatabaseAsync(Cancellation), builder => builder.Configuration.AddInMemoryCollection([new("Admin:Key", key)]));
        using var script = web.Script();
        script.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer ");

        (await script.GetAsync("/admin/secrets", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
