using AspireFeedback.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.Backend.Handling;

/// <summary>What an application decides when it does work of the system: which kinds, by which handlers. Times are configuration, section <c>Handling</c>.</summary>
public sealed class RequestHandlingOptions
{
    internal RequestHandlingOptions()
    {
    }

    internal List<HandlerRegistration> Handlers { get; } = [];

    /// <summary>Name of the connection string of RabbitMQ, the same broker and virtual host as Web's.</summary>
    public string BrokerConnectionName { get; set; } = "messaging";

    /// <summary>
    /// What the health check <c>work</c> (tag <c>ready</c>) says while no work can be taken, as without the broker. Degraded, which is answered with 200, keeps an application
    /// in its load balancer that serves something else too; a process that is there for nothing else is <see cref="HealthStatus.Unhealthy"/>.
    /// </summary>
    public HealthStatus HealthWithoutWork { get; set; } = HealthStatus.Degraded;

    /// <summary>
    /// Work of this kind is done here, each run by a handler from a dependency injection scope of its own. Whether a failed run is tried again, and
    /// when it counts as silent, stands in the kind's policy, which Web decides by.
    /// </summary>
    /// <typeparam name="THandler">Implements <see cref="IRequestHandler{TRequest,TResult}"/> for what the kind takes and gives.</typeparam>
    /// <param name="kind">Names the queue.</param>
    /// <param name="concurrency">Runs at a time in this process.</param>
    /// <param name="timeout">
    /// Time limit of one run; a run that reaches it counts as a failure. Unless the kind is long-running it must be shorter than the broker lets a
    /// consumer take (30 minutes on RabbitMQ).
    /// </param>
    /// <param name="permanent">
    /// Types of exceptions, and with them all that derive from these, after which another attempt would end the same way: the request fails at once. The
    /// owner is told of them as of any other exception, that the error was on our side; what they may read is thrown as a <see cref="ProblemException"/>.
    /// </param>
    /// <exception cref="ArgumentException">The handler is not one for this kind, or a type is no exception.</exception>
    public void Add<THandler>(Kind kind, int concurrency, TimeSpan? timeout = null, IReadOnlyList<Type>? permanent = null)
        where THandler : class
    {
        ArgumentNullException.ThrowIfNull(kind);
        Handlers.Add(HandlerRegistration.Of<THandler>(kind, concurrency, timeout, permanent));
    }
}
