using AspireFeedback.Contracts;
using AspireFeedback.Web.Identity;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        if (redisName is not null && builder.Configuration.GetConnectionString(redisName) is { Length: > 0 } redis)
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisBackplane>(provider, redis));
        services.AddHostedService<FeedbackTicker>().AddHostedService<Recheck>();
        services.AddSignalR()
            .AddHubOptions<FeedbackHub>(options => options.MaximumReceiveMessageSize = LargestHubMessage)
            .AddJsonProtocol(options => FeedbackJson.Configure(options.PayloadSerializerOptions));
        return builder;
    }

    public static IEndpointRouteBuilder MapFeedback(this IEndpointRouteBuilder app)
    {
        // Other transports would need every call of a connection to reach the same instance.
        app.MapHub<FeedbackHub>("/feedback", options => options.Transports = HttpTransportType.WebSockets).RequireAuthorization(Owner.Policy).StaysOpen();
        app.MapGet("/requests/{id}/events", RequestEvents.HandleAsync).RequireAuthorization(Owner.Policy).WithTags("Requests").WithName("GetRequestEvents");
        app.MapGet("/me/events", MyEvents.Handle).RequireAuthorization(Owner.Policy).StaysOpen().WithTags("Me").WithName("GetMyEvents");
        return app;
    }
}
