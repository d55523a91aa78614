using System.Net;
using System.Text;
using AspireFeedback.Messaging;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Policies;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Outbox;
using AspireFeedback.Web.Policies;
using AspireFeedback.Web.Requests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AspireFeedback.Tests.Requests;

/// <summary>A Web replica that takes requests, with a log in PostgreSQL and a broker that is away. Policies run when a test says so.</summary>
internal static class RequestsReplica
{
    public static Task<WebReplica> StartAsync(string database, params (string Key, string Value)[] settings) =>
        StartAsync(LogImplementation.Postgres, database, settings);

    public static Task<WebReplica> StartAsync(LogImplementation log, string database, params (string Key, string Value)[] settings) => WebReplica.StartAsync(
        database,
        builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
            builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:feedback", database)]);
            log.AddTo(builder);
            builder.AddFeedback();
            builder.Services.AddSingleton<ITransport>(new QuietBroker { IsConnected = false });
            builder.Services.AddOutbox().AddAdmission().AddRequests();
            builder.Services.AddSingleton<UndisturbedReports>().AddSingleton<Retention>().AddSingleton<LostDispatches>();
        },
        app => app.MapRequests());

    public static Task<HttpResponseMessage> SubmitAsync(this HttpClient person, Guid id, string text = "hi", string kind = "echo") => person.PutAsync(
        $"/requests/{id}", new StringContent($$$"""{"kind":"{{{kind}}}","payload":{"text":"{{{text}}}"}}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    /// <summary>Somebody with an identity of their own.</summary>
    public static async Task<HttpClient> PersonAsync(this WebReplica web)
    {
        var person = web.Browser(new CookieContainer());
        (await person.GetAsync("/me", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        return person;
    }
}
