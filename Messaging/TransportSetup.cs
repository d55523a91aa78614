using AspireFeedback.Messaging.RabbitMq;
#if WOLVERINE_SERVICEBUS
using AspireFeedback.Messaging.Wolverine.ServiceBus;
#elif WOLVERINE_RABBITMQ
using AspireFeedback.Messaging.Wolverine;
#endif
using Microsoft.Extensions.Hosting;

namespace AspireFeedback.Messaging;

public static class TransportSetup
{
    /// <summary>Adds the <see cref="ITransport"/> that this was compiled with, and its client (<c>docs/stacks.md</c>).</summary>
    public static IHostApplicationBuilder AddTransport(
        this IHostApplicationBuilder builder, string connectionName = "messaging", Action<RabbitMqOptions>? configure = null)
    {
#if WOLVERINE_SERVICEBUS
        builder.AddKeyedAzureServiceBusClient(connectionName);
        builder.Services.AddServiceBusTransport(connectionName, configure);
#else
        builder.AddKeyedRabbitMQClient(connectionName, configureConnectionFactory: BrokerConnection.Configure);
#if WOLVERINE_RABBITMQ
        builder.Services.AddWolverineTransport(connectionName, configure);
#else
        builder.Services.AddRabbitMqTransport(connectionName, configure);
#endif
#endif
        return builder;
    }
}
