using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

public static class RabbitMqRegistration
{
    /// <summary>
    /// Adds <see cref="ITransport"/> on the RabbitMQ of <c>ConnectionStrings:{connectionName}</c>, taken verbatim. It connects in the
    /// background from the moment that it is first resolved; the application starts without the broker too.
    /// </summary>
    public static IServiceCollection AddRabbitMqTransport(
        this IServiceCollection services, string connectionName = "messaging", Action<RabbitMqOptions>? configure = null)
    {
        services.AddOptions<RabbitMqOptions>()
            .Configure<IConfiguration, IHostEnvironment, IServiceProvider>((options, configuration, environment, provider) =>
            {
                options.ConnectionString = configuration.GetConnectionString(connectionName) ?? "";
                options.ApplicationName = environment.ApplicationName;
                options.ConnectionFactory = () => provider.GetKeyedService<IConnectionFactory>(connectionName);
                configure?.Invoke(options);
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<RabbitMqOptions>>(new Validator(connectionName));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ITransport, RabbitMqTransport>();
        return services;
    }

    private sealed class Validator(string connectionName) : IValidateOptions<RabbitMqOptions>
    {
        public ValidateOptionsResult Validate(string? name, RabbitMqOptions options) =>
            options.Problems(connectionName).ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
