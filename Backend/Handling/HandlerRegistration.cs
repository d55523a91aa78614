using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>A kind that this process works on, and by which handler.</summary>
/// <param name="kind">Names the queue.</param>
/// <param name="concurrency">Runs at a time in this process.</param>
/// <param name="timeout">Time limit of one run; a run that reaches it counts as a failure.</param>
internal abstract class HandlerRegistration(Kind kind, int concurrency, TimeSpan? timeout)
{
    public Kind Kind { get; } = kind;

    public int Concurrency { get; } = concurrency;

    public TimeSpan? Timeout { get; } = timeout;

    /// <exception cref="ProblemException">The payload is not what the kind takes; permanent.</exception>
    public abstract object ReadPayload(JsonElement payload);

    /// <summary>Resolves the handler and runs it.</summary>
    public abstract Task<JsonElement> HandleAsync(object payload, IServiceProvider services, HandlerContext context, CancellationToken cancellationToken);
}

internal sealed class HandlerRegistration<THandler, TRequest, TResult>(Kind<TRequest, TResult> kind, int concurrency, TimeSpan? timeout)
    : HandlerRegistration(kind, concurrency, timeout)
    where THandler : class, IRequestHandler<TRequest, TResult>
    where TRequest : notnull
{
    public override object ReadPayload(JsonElement payload)
    {
        var request = WorkReader.Read<TRequest>(payload);
        var errors = PayloadTree.FindErrors(request);
        return errors.Count == 0 ? request : throw WorkReader.Invalid(string.Join(' ', errors.Select(x => $"{x.Key}: {string.Join(' ', x.Value)}")));
    }

    public override async Task<JsonElement> HandleAsync(
        object payload, IServiceProvider services, HandlerContext context, CancellationToken cancellationToken)
    {
        var handler = services.GetRequiredService<THandler>();
        return ReportBody.Result(await handler.HandleAsync((TRequest)payload, context, cancellationToken));
    }
}
