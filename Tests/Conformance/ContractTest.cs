using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary>
/// The contract of <c>docs/http.md</c>, by HTTP alone: against the deployment that <c>CONFORMANCE_URL</c> names, otherwise against the AppHost, started
/// for the tests. Each call is a new connection, so that replicas alternate.
/// </summary>
[Collection(SystemTests.Name)]
public abstract class ContractTest(RunningSystem system) : IAsyncLifetime
{
    private readonly List<Person> _people = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Who asks, with an identity of their own.</summary>
    private protected Person Me { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Me = await SomebodyAsync();

    public ValueTask DisposeAsync()
    {
        _people.ForEach(person => person.Dispose());
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected async Task<Person> SomebodyAsync()
    {
        var person = Environment.GetEnvironmentVariable("CONFORMANCE_URL") is { Length: > 0 } url
            ? await Person.ArriveAsync(new(url), Cancellation)
            : await system.NewPersonAsync(Cancellation);
        _people.Add(person);
        return person;
    }

    private protected async Task<Guid> AcceptedAsync(object? payload = null, string kind = "echo")
    {
        var id = Guid.CreateVersion7();
        var answer = await Me.SubmitAsync(id, kind, payload ?? new { text = "hello" }, Cancellation);
        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        return id;
    }

    private protected async Task<Guid> EndedAsync(object? payload = null)
    {
        var id = await AcceptedAsync(payload);
        await Me.UntilAsync(id, "Succeeded", Cancellation);
        return id;
    }

    private protected Task<Answer> PutAsync(Guid id, string json) => Me.SendAsync(HttpMethod.Put, $"/requests/{id}", JsonOf(json), Cancellation);

    private protected Task<Answer> PostAsync(string path, object? body = null) =>
        Me.SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), Cancellation);

    private protected Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    private protected Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Me.SendAsync(request, Cancellation);
    }

    private protected static Task<Answer> SendAsync(Person person, HttpMethod method, string path, object body) =>
        person.SendAsync(method, path, JsonContent.Create(body), Cancellation);

    /// <summary>Without cookies, and with a token if there is one.</summary>
    private protected async Task<Answer> AsScriptAsync(string? token, HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var script = Person.Nobody(Me.Web);
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await script.SendAsync(request, Cancellation);
    }

    private protected Uri Hub => new UriBuilder(new Uri(Me.Web, "/feedback")) { Scheme = Me.Web.Scheme is "https" ? "wss" : "ws" }.Uri;

    private protected static async Task<Guid> MyIdAsync(Person person) => (await person.GetAsync("/me", Cancellation)).Json.GetProperty("id").GetGuid();

    /// <summary>Attempts are limited by address, in a deployment for all who test it.</summary>
    private protected static void SkipWhenTooFast(Answer answer)
    {
        if (answer.Status is HttpStatusCode.TooManyRequests)
            Assert.Skip($"This address has used up its attempts; again in {answer.Headers.RetryAfter}.");
    }

    private protected static StringContent JsonOf(string json) => new(json, Encoding.UTF8, "application/json");

    private protected static void ShouldBeProblem(Answer answer, HttpStatusCode status, string name)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.ContentType.ShouldBe("application/problem+json");
        answer.Json.GetProperty("type").GetString().ShouldBe($"/problems/{name}");
        answer.Json.GetProperty("status").GetInt32().ShouldBe((int)status);
        answer.Json.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    private protected static string Status(Answer answer) => answer.Json.GetProperty("status").GetString()!;

    private protected static int Version(Answer answer) => answer.Json.GetProperty("version").GetInt32();

    private protected static IEnumerable<JsonElement> Items(Answer answer, string name) => answer.Json.GetProperty(name).EnumerateArray();
}
