using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Outbox;

internal static class OutboxSetup
{
    public static IServiceCollection AddOutbox(this IServiceCollection services) => services
        .AddSingleton<OutgoingMessages>()
        .AddSingleton<OutboxPublisher>()
        .AddSingleton<LogAppender>()
        .AddHostedService(provider => provider.GetRequiredService<OutboxPublisher>());
}
