using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Backend.Handling;

internal static class HandlingSetup
{
    /// <summary>Takes work from the registered <see cref="Messaging.ITransport"/> and runs the handlers that <c>AddHandler</c> names.</summary>
    public static IServiceCollection AddHandling(this IServiceCollection services, HealthStatus healthWithoutWork)
    {
        services.AddOptions<HandlingOptions>().BindConfiguration(HandlingOptions.Section).ValidateDataAnnotations().ValidateOnStart()
            .Validate<IEnumerable<HandlerRegistration>>(
                (handling, handlers) => handling.KindNames?.Except(handlers.Select(x => x.Kind.Name)).Any() is not true,
                "Handling:Kinds names a kind that has no handler in this process.");
        services.AddOptions<HostOptions>().Configure<IOptions<HandlingOptions>>(
            (host, handling) => host.ShutdownTimeout = handling.Value.ShutdownGrace + TimeSpan.FromSeconds(1.5));
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(RequestFiles.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan); // files take as long as they take
        services.AddSingleton<RequestFiles>();
        services.AddSingleton<RunTelemetry>();
        services.AddSingleton<ActiveRuns>();
        services.AddSingleton<NextHop>();
        services.AddSingleton<Solitude>();
        services.AddSingleton<Runner>();
        services.AddSingleton<Intake>();
        services.AddHostedService(provider => provider.GetRequiredService<Intake>());
        services.AddHealthChecks().AddCheck<IntakeHealth>("work", healthWithoutWork, ["ready"]);
        return services;
    }

    public static IServiceCollection AddHandler(this IServiceCollection services, HandlerRegistration handler)
    {
        if (services.Any(x => x.ImplementationInstance is HandlerRegistration other && other.Kind.Name == handler.Kind.Name))
            throw new InvalidOperationException($"There is a handler for '{handler.Kind.Name}' already.");
        services.TryAddScoped(handler.Handler); // several kinds may have one handler
        return services.AddSingleton(handler);
    }
}
