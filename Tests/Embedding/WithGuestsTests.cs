using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Embedding;

/// <summary>An application without users of its own, whose broker is away.</summary>
public sealed class WithGuestsTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guests_are_those_of_this_system_and_only_its_own_addresses_are_guarded()
    {
        await using var app = await StartAsync(_ => { });
        using var guest = BrowserOf(app);

        (await guest.GetFromJsonAsync<JsonElement>("/me", Cancellation)).GetProperty("kind").GetString().ShouldBe("guest");
        (await SubmitAsync(guest)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var nobody = BrowserOf(app);
        await (await SubmitAsync(nobody)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        guest.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        await (await SubmitAsync(guest)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden-origin");
        (await guest.PostAsync("/prices", null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Without_guests_one_signs_up_first()
    {
        await using var app = await StartAsync(feedback => feedback.Guests = false);
        using var person = BrowserOf(app);

        await (await person.GetAsync("/me", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        var signedUp = await person.PostAsJsonAsync("/me/sign-up", new { userName = "ada", password = "a long enough one" }, Cancellation);

        signedUp.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await person.GetFromJsonAsync<JsonElement>("/me", Cancellation)).GetProperty("name").GetString().ShouldBe("ada");
        (await SubmitAsync(person)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused_before_anything_starts()
    {
        Refused(feedback => feedback.Kinds.Clear()).ShouldContain("nothing to ask for");
        Refused(feedback => feedback.Kinds.Add(Kinds.Echo)).ShouldContain("'echo' is there twice");
        Refused(feedback => feedback.Kinds.Add(Kinds.Echo with { Name = "other", Problems = [new("gone", "It is gone.", "It was there before.")] }))
            .ShouldContain("the problem 'gone' would have two meanings");
        Refused(feedback => feedback.RoutePrefix = "work/").ShouldContain("RoutePrefix");
        Refused(feedback => feedback.RoutePrefix = "/{tenant}").ShouldContain("RoutePrefix");
        Refused(feedback => feedback.DatabaseConnectionName = "shop").ShouldContain("ConnectionStrings:shop");
        Refused(feedback =>
        {
            feedback.IdentifyBy(user => user.FindFirstValue("sub"));
            feedback.WholeApplication = true;
        }).ShouldContain("WholeApplication");
        Should.Throw<ArgumentException>(() => Build("Host=/nowhere", feedback => feedback.DatabaseSchema = "a; drop table x")).Message.ShouldContain("schema");

        static string Refused(Action<RequestFeedbackOptions> configure) =>
            Should.Throw<InvalidOperationException>(() => Build("Host=/nowhere", configure)).Message;
    }

    private async Task<WebApplication> StartAsync(Action<RequestFeedbackOptions> configure)
    {
        var app = Build(await postgres.CreateDatabaseAsync(Cancellation), configure);
        app.MapRequestFeedback();
        app.MapPost("/prices", () => "changed");
        await app.StartAsync(Cancellation);
        return app;
    }

    private static WebApplication Build(string database, Action<RequestFeedbackOptions> configure)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Critical);
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:feedback", database), new("ConnectionStrings:messaging", "amqp://nobody:nothing@127.0.0.1:1")]);
        builder.AddRequestFeedback(feedback =>
        {
            feedback.Kinds.Add(Kinds.Echo);
            configure(feedback);
        });
        return builder.Build();
    }

    private static HttpClient BrowserOf(WebApplication app) =>
        new(new SocketsHttpHandler { CookieContainer = new(), AllowAutoRedirect = false }) { BaseAddress = new(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };

    private static Task<HttpResponseMessage> SubmitAsync(HttpClient client) => client.PutAsync(
        $"/requests/{Guid.CreateVersion7()}", new StringContent("""{"kind":"echo","payload":{"text":"hi"}}""", Encoding.UTF8, "application/json"), Cancellation);
}
