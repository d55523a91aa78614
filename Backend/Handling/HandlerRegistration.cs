using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>A kind that this process works on, and by which handler.</summary>
/// <param name="kind">Names the queue.</param>
/// <param name="concurrency">Runs at a time in this process.</param>
/// <param name="timeout">Time limit of one run; a run that reaches it counts as a failure.</param>
/// <param name="handler">Its type.</param>
/// <param name="permanent">Exceptions after which another attempt would end the same way.</param>
internal abstract class HandlerRegistration(Kind kind, Type handler, int concurrency, TimeSpan? timeout, IReadOnlyList<Type> permanent)
{
    public Type Handler { get; } = handler;

    public Kind Kind { get; } = kind;

    public int Concurrency { get; } = concurrency;

    public TimeSpan? Timeout { get; } = timeout;

    /// <summary>For a kind whose types only its registration knows.</summary>
    /// <exception cref="ArgumentException">The handler is not one for this kind.</exception>
    public static HandlerRegistration Of<THandler>(Kind kind, int concurrency, TimeSpan? timeout, IReadOnlyList<Type>? permanent = null)
        where THandler : class
    {
        permanent ??= [];
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        var needed = typeof(IRequestHandler<,>).MakeGenericType(kind.PayloadType, kind.ResultType);
        if (!typeof(THandler).IsAssignableTo(needed) || typeof(THandler).IsAbstract)
            throw new ArgumentException($"{typeof(THandler).Name} cannot handle '{kind.Name}': it must implement IRequestHandler<{kind.PayloadType.Name}, {kind.ResultType.Name}>.", nameof(kind));
        if (permanent.FirstOrDefault(type => !type.IsAssignableTo(typeof(Exception))) is { } other)
            throw new ArgumentException($"{other.Name} is no exception, and so never what a handler throws.", nameof(permanent));
        var type = typeof(HandlerRegistration<,,>).MakeGenericType(typeof(THandler), kind.PayloadType, kind.ResultType);
        return (HandlerRegistration)Activator.CreateInstance(type, kind, concurrency, timeout, permanent)!;
    }

    public bool IsPermanent(Exception exception) => permanent.Any(type => type.IsInstanceOfType(exception));

    /// <exception cref="ProblemException">The payload is not what the kind takes; permanent.</exception>
    public abstract object ReadPayload(JsonElement payload);

    /// <summary>Resolves the handler and runs it.</summary>
    public abstract Task<JsonElement> HandleAsync(object payload, IServiceProvider services, HandlerContext context, CancellationToken cancellationToken);
}

internal sealed class HandlerRegistration<THandler, TRequest, TResult>(
    Kind<TRequest, TResult> kind, int concurrency, TimeSpan? timeout, IReadOnlyList<Type> permanent)
    : HandlerRegistration(kind, typeof(THandler), concurrency, timeout, permanent)
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
