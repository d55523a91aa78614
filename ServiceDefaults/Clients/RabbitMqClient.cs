using AspireFeedback.ServiceDefaults.Clients;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Microsoft.Extensions.Hosting;

public static class RabbitMqClient
{
    /// <summary>Adds an <see cref="IConnectionFactory"/> under the key <paramref name="name"/>.</summary>
    public static void AddKeyedRabbitMQClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<ClientSettings>? configureSettings = null,
        Action<ConnectionFactory>? configureConnectionFactory = null)
    {
        var connectionString = ClientSettings.Read(builder, name, configureSettings);
        builder.Services.AddKeyedSingleton<IConnectionFactory>(name, (_, _) =>
        {
            var factory = new ConnectionFactory { Uri = new(connectionString()) };
            configureConnectionFactory?.Invoke(factory);
            return factory;
        });
    }
}
