using AspireFeedback.Messaging.RabbitMq;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

public static class ServiceBusRegistration
{
    /// <summary>
    /// Adds <see cref="ITransport"/> on the <see cref="ServiceBusClient"/> of the key <paramref name="connectionName"/>, with the options of the transport
    /// over RabbitMQ as far as they are not about its connection.
    /// </summary>
    public static IServiceCollection AddServiceBusTransport(
        this IServiceCollection services, string connectionName = "messaging", Action<RabbitMqOptions>? configure = null)
    {
        services.AddOptions<RabbitMqOptions>()
            .Configure<IHostEnvironment>((options, environment) =>
            {
                options.ApplicationName = environment.ApplicationName;
                // The standard tier takes 256 KB with all properties.
                options.MaxBodyBytes = 240 * 1024;
                configure?.Invoke(options);
            })
            .Validate(options => options.Kinds.All(Topology.CanBeKind), $"{nameof(RabbitMqOptions)}:{nameof(RabbitMqOptions.Kinds)} has one that cannot name a queue.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<ITransport>(provider => new ServiceBusTransport(
            provider.GetRequiredKeyedService<ServiceBusClient>(connectionName),
            provider.GetRequiredService<IOptions<RabbitMqOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ServiceBusTransport>>()));
    }
}
