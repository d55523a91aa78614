using AspireFeedback.Messaging;

namespace AspireFeedback.Backend.Handling;

/// <summary>Backend's part of the system, in this application or in another one.</summary>
public static class RequestHandling
{
    /// <summary>
    /// Takes work from the queues <c>requests.{kind}</c> and orders to stop from the stream <c>feedback.control</c>, runs the handlers, and sends what they
    /// report to the exchange <c>feedback.reports</c>. The application starts without the broker too.
    /// </summary>
    public static IHostApplicationBuilder AddRequestHandling(this IHostApplicationBuilder builder, Action<RequestHandlingOptions> configure)
    {
        var options = new RequestHandlingOptions();
        configure(options);
        if (options.Handlers.Count == 0)
            throw new InvalidOperationException("AddRequestHandling: there is nothing to do; Add a handler.");
        builder.AddTransport(
            options.BrokerConnectionName,
            rabbit => rabbit.Kinds = [.. rabbit.Kinds.Union(options.Handlers.Select(handler => handler.Kind.Name))]);
        builder.Services.AddHandling(options.HealthWithoutWork);
        foreach (var handler in options.Handlers)
            builder.Services.AddHandler(handler);
        return builder;
    }
}
