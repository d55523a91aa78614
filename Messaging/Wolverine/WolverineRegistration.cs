using AspireFeedback.Messaging.RabbitMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AspireFeedback.Messaging.Wolverine;

public static class WolverineRegistration
{
    /// <summary>As <see cref="RabbitMqRegistration.AddRabbitMqTransport"/>, with the same options, on Wolverine.</summary>
    public static IServiceCollection AddWolverineTransport(
        this IServiceCollection services, string connectionName = "messaging", Action<RabbitMqOptions>? configure = null) =>
        services.AddRabbitMqTransport(connectionName, configure).Replace(ServiceDescriptor.Singleton<ITransport, WolverineTransport>());
}
