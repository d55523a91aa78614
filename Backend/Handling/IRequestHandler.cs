namespace AspireFeedback.Backend.Handling;

/// <summary>
/// Does the work of one kind. Every run gets an instance of its own from a dependency injection scope of its own. The same attempt may run
/// twice (at-least-once delivery): side effects take <see cref="HandlerContext.CorrelationId"/> as their idempotency key.
/// </summary>
public interface IRequestHandler<in TRequest, TResult>
{
    /// <param name="request">Deserialized and validated.</param>
    /// <param name="context">Feedback to the owner, files, and what is known about this run.</param>
    /// <param name="cancellationToken">Fires on a cancel, at the deadline or the timeout, and when this process or its broker connection ends.</param>
    /// <returns>What the owner gets as the result.</returns>
    /// <exception cref="ProblemException">Ends the run with a problem that the owner may read. Any other exception is told to nobody but the log.</exception>
    Task<TResult> HandleAsync(TRequest request, HandlerContext context, CancellationToken cancellationToken);
}
