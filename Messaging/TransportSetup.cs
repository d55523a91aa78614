using AspireFeedback.Messaging.RabbitMq;
#if WOLVERINE_RABBITMQ
using AspireFeedback.Messaging.Wolverine;
#endif
using Microsoft.Extensions.DependencyInjection;

namespace AspireFeedback.Messaging;

public static class TransportSetup
{
    /// <summary>Adds the <see cref="ITransport"/> that this was compiled with (<c>docs/stacks.md</c>).</summary>
    public static IServiceCollection AddTransport(
        this IServiceCollection services, string connectionName = "messaging", Action<RabbitMqOptions>? configure = null) =>
#if WOLVERINE_RABBITMQ
        services.AddWolverineTransport(connectionName, configure);
#else
        services.AddRabbitMqTransport(connectionName, configure);
#endif
}
