using AspireFeedback.Contracts;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Backend.Handling;

internal static class HandlingSetup
{
    /// <summary>Takes work from the registered <see cref="Messaging.ITransport"/> and runs the handlers that <see cref="AddHandler"/> names.</summary>
    public static IServiceCollection AddHandling(this IServiceCollection services)
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
        services.AddSingleton<Isolation>();
        services.AddSingleton<Runner>();
        services.AddSingleton<Intake>();
        services.AddHostedService(provider => provider.GetRequiredService<Intake>());
        services.AddHealthChecks().AddCheck<IntakeHealth>("work");
        return services;
    }

    /// <summary>
    /// Work of this kind is done here, so many runs at a time, each by a handler from a scope of its own. A run that takes longer than the
    /// timeout counts as a failure; unless the kind is long-running, the timeout must be shorter than the broker lets a consumer take (30 minutes
    /// on RabbitMQ). What Web decides for the kind stands in its policy.
    /// </summary>
    public static IServiceCollection AddHandler<THandler, TRequest, TResult>(
        this IServiceCollection services, Kind<TRequest, TResult> kind, int concurrency, TimeSpan? timeout = null)
        where THandler : class, IRequestHandler<TRequest, TResult>
        where TRequest : notnull
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        if (services.Any(x => x.ImplementationInstance is HandlerRegistration other && other.Kind.Name == kind.Name))
            throw new InvalidOperationException($"There is a handler for '{kind.Name}' already.");
        services.AddScoped<THandler>();
        return services.AddSingleton<HandlerRegistration>(new HandlerRegistration<THandler, TRequest, TResult>(kind, concurrency, timeout));
    }
}
