using AspireFeedback.ServiceDefaults.Clients;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

public static class RedisClient
{
    /// <summary>
    /// Adds an <see cref="IConnectionMultiplexer"/> under the key <paramref name="name"/>. Whoever takes it first waits until it has tried to connect.
    /// </summary>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<ClientSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        var connectionString = ClientSettings.Read(builder, name, configureSettings);
        builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(name, (_, _) =>
        {
            var options = ConfigurationOptions.Parse(connectionString(), ignoreUnknown: true);
            configureOptions?.Invoke(options);
            return ConnectionMultiplexer.Connect(options);
        });
    }
}
