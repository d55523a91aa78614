using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireFeedback.Messaging;
using AspireFeedback.Tests.Policies;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Admin;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using AspireFeedback.Web.Outbox;
using AspireFeedback.Web.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Admin;

/// <summary>A Web replica with everything that developers reach, a log in PostgreSQL, and a broker that is away: tests are the workers.</summary>
internal static class AdminReplica
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<WebReplica> StartAsync(string database, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null) => WebReplica.StartAsync(
        database,
        builder =>
        {
            builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:feedback", database)]);
            builder.AddPostgresLog();
            builder.AddFeedback();
            builder.Services.AddSingleton<ITransport>(new QuietBroker { IsConnected = false });
            builder.Services.AddOutbox().AddAdmission().AddRequests().AddAdmin();
            configure?.Invoke(builder);
        },
        app =>
        {
            app.MapRequests();
            app.MapFeedback();
            app.MapAdmin();
            map?.Invoke(app);
        });

    public static HttpClient Admin(this WebReplica web) => web.Script(WebReplica.AdminKey);

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        if (response.StatusCode is not HttpStatusCode.OK)
            throw new InvalidOperationException($"{path}: {response.StatusCode} {body}");
        return JsonElement.Parse(body);
    }

    /// <summary>Of what the search finds, newest first.</summary>
    public static async Task<Guid[]> FindAsync(this HttpClient admin, string query) =>
        [.. (await admin.GetJsonAsync($"/admin/requests?{query}")).GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("id").GetGuid())];

    /// <summary>Accepts a request past the door, of any kind and owner.</summary>
    public static async Task<Guid> AcceptAsync(this WebReplica web, string kind = "echo", Guid? owner = null, string payload = """{"text":"hi"}""")
    {
        var submission = new Submission(
            Guid.CreateVersion7(), owner ?? Guid.NewGuid(), kind, JsonElement.Parse(payload), "fingerprint", null, null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null);
        return (await web.Services.GetRequiredService<IRequestLog>().SubmitAsync([submission], Cancellation))[0].State!.Id;
    }

    public static Task<AppendResult> AppendAsync(this WebReplica web, Guid id, RequestCommand command) =>
        web.Services.GetRequiredService<LogAppender>().AppendAsync(id, command, Cancellation);

    /// <summary>A worker that fails until the request is held.</summary>
    public static async Task HoldAsync(this WebReplica web, Guid id, string title = "The disk is full.")
    {
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var run = Guid.NewGuid();
            await web.AppendAsync(id, Report(run, Started() with { Worker = $"backend-{attempt}" }, attempt));
            await web.AppendAsync(id, Report(run, new() { Outcome = new Contracts.RunFailed(Contracts.Problem.Of("attempt-failed", title)) }, attempt));
        }
    }

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object? body = null) =>
        client.PostAsync(path, body is null ? null : JsonContent.Create(body), Cancellation);
}
