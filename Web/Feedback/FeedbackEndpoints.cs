using AspireFeedback.Contracts;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.OpenApi;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace AspireFeedback.Web.Feedback;

/// <summary>The live feed over the network: hub, event streams, the stream of one request.</summary>
internal static class FeedbackEndpoints
{
    private const long LargestHubMessage = 128 * 1024; // a Sync with the most known requests is about half of it

    public static IHostApplicationBuilder AddFeedback(this IHostApplicationBuilder builder, string? redisName = "redis")
    {
        var services = builder.Services;
        services.AddOptions<FeedbackOptions>().BindConfiguration(FeedbackOptions.Section)
            .Validate(options => options.IsValid(), $"A value in the section '{FeedbackOptions.Section}' is out of range: times and counts are above zero.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<FeedbackMetrics>().AddSingleton<OwnerChannels>().AddSingleton<LogReader>().AddSingleton<LiveFeed>();
        if (redisName is not null && builder.Configuration.GetConnectionString(redisName) is { Length: > 0 })
        {
            builder.AddKeyedRedisClient(redisName, configureOptions: RedisBackplane.Configure);
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisBackplane>(
                provider, (Func<IConnectionMultiplexer>)(() => provider.GetRequiredKeyedService<IConnectionMultiplexer>(redisName))));
        }

        services.AddHostedService<FeedbackTicker>().AddHostedService<Recheck>();
        // What the hub refuses is the caller's error and no line for each; what is ours, the hub logs by itself.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Critical);
        services.AddSignalR()
            .AddHubOptions<FeedbackHub>(options => options.MaximumReceiveMessageSize = LargestHubMessage)
            .AddJsonProtocol(options => FeedbackJson.Configure(options.PayloadSerializerOptions));
        return builder;
    }

    public static IEndpointRouteBuilder MapFeedback(this IEndpointRouteBuilder app)
    {
        // Other transports would need every call of a connection to reach the same instance.
        app.MapHub<FeedbackHub>("/feedback", options => options.Transports = HttpTransportType.WebSockets).RequireAuthorization(Owner.Policy).StaysOpen().Add(RefuseOthers);
        app.MapGet("/requests/{id}/events", RequestEvents.HandleAsync).RequireAuthorization(Owner.Policy).WithTags("Requests")
            .Describe("GetRequestEvents", "What happened to a request.", "With Accept: text/event-stream, server-sent events: the past, then live, until the end.")
            .Parameter("after", "The version above which to begin.", """{"type":"integer","minimum":0,"default":0}""")
            .Parameter("limit", "How many on a page.", """{"type":"integer","minimum":1,"maximum":1000,"default":100}""")
            .Header("Last-Event-ID", "Of an event stream: the version that was seen last.")
            .Answers(200, "A page of events.", Examples.Events)
            .AnswersText(200, "Or an event stream: id is the version, event the type.", "text/event-stream", Examples.EventStream)
            .Answers(204, "To an event stream: the request has ended, and all of it was seen.")
            .Refuses("invalid-query", "invalid-request", "not-found");
        app.MapGet("/me/events", MyEvents.Handle).RequireAuthorization(Owner.Policy).StaysOpen().WithTags("Me")
            .Describe("GetMyEvents", "Every change of every request of the caller, as server-sent events.")
            .Header("Last-Event-ID", "The cursor that was seen last; absent: changes from now on.")
            .AnswersText(200, "An event stream: id is a cursor, event is changed.", "text/event-stream", Examples.ChangedStream)
            .Refuses("invalid-request");
        return app;
    }

    /// <summary>What is no WebSocket and no negotiation would be refused by SignalR in plain text.</summary>
    private static void RefuseOthers(EndpointBuilder hub)
    {
        var serve = hub.RequestDelegate!;
        hub.RequestDelegate = context => IsForTheHub(context) ? serve(context)
            : Problems.Result(
                HttpMethods.IsGet(context.Request.Method) ? "invalid-request" : "method-not-allowed", "The hub takes WebSockets.").ExecuteAsync(context);
    }

    private static bool IsForTheHub(HttpContext context) =>
        context.Request.Path.Value!.EndsWith("/negotiate", StringComparison.Ordinal) ? HttpMethods.IsPost(context.Request.Method)
        : context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest is true || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect is true;
}
