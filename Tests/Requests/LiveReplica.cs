using AspireFeedback.Messaging;
using AspireFeedback.Tests.Policies;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace AspireFeedback.Tests.Requests;

/// <summary>A Web replica that takes requests, sends what is in its outbox, and tells what becomes of them, over Redis if there is one.</summary>
internal static class LiveReplica
{
    public static Task<WebReplica> StartAsync(string database, string? redis = null, ITransport? transport = null) => WebReplica.StartAsync(
        database,
        builder => builder.Services.AddSingleton(transport ?? new QuietBroker { IsConnected = false }).AddOutbox().AddAdmission(),
        live: true,
        redis: redis);
}
