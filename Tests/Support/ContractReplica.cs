using AspireFeedback.Messaging;
using AspireFeedback.Tests.Policies;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Outbox;
using AspireFeedback.Web.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AspireFeedback.Tests.Support;

/// <summary>A replica with every route of Web, on a real PostgreSQL; the broker is away, so that what is accepted stays in the outbox.</summary>
internal static class ContractReplica
{
    public static Task<WebReplica> StartAsync(string database, Action<WebApplicationBuilder>? configure = null, params (string Key, string Value)[] settings) =>
        WebReplica.StartAsync(
            database,
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
                builder.Services.AddSingleton<ITransport>(new QuietBroker { IsConnected = false });
                builder.Services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section);
                builder.Services.AddOutbox().AddAdmission();
                builder.Services.AddSingleton<UndisturbedReports>().AddSingleton<Retention>();
                configure?.Invoke(builder);
            },
            live: true);
}
