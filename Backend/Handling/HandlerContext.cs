using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>What a handler may ask and tell while it runs. In tests <see cref="RecordingContext"/> stands in for it.</summary>
public abstract class HandlerContext
{
    /// <summary>A longer chain is taken for a circle.</summary>
    public const int MaxHops = 100;

    /// <summary>The id of the request, the same over all attempts and hops: the idempotency key for side effects.</summary>
    public abstract Guid CorrelationId { get; }

    /// <summary>From 1; rises with every retry, takeover and answer.</summary>
    public abstract int Attempt { get; }

    /// <summary>From 1; the position of this handler in a chain of <see cref="Forward{TNext,TResult}"/>.</summary>
    public abstract int Hop { get; }

    public abstract DateTimeOffset? Deadline { get; }

    /// <summary>
    /// Tells the owner how far the work is; as cheap to call as setting a field. Sent at most every 100 ms, the latest wins. An argument that is
    /// left out keeps its last value, and a percentage that is not a number counts as left out.
    /// </summary>
    /// <param name="percent">0 to 100; values outside are clamped.</param>
    /// <param name="message">One line, cut at 500 characters.</param>
    public abstract void Report(double? percent = null, string? message = null);

    /// <summary>
    /// Streams a piece of output to the owner: a preview, in order, cut after a million characters. What must survive belongs into the result.
    /// </summary>
    public abstract void Emit(string chunk);

    /// <summary>Opens a file that the payload refers to. A connection that breaks while it is read is taken up again where it broke.</summary>
    public abstract Task<RequestFile> OpenFileAsync(FileRef file, CancellationToken cancellationToken);

    /// <summary>Stores a file for the owner; the reference goes into the result.</summary>
    public abstract Task<FileRef> CreateFileAsync(Stream content, string contentType, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the owner. The first time this ends the run; with the answer the handler runs again from the top, and the same call returns it.
    /// </summary>
    /// <param name="key">Names the question within this handler.</param>
    /// <param name="question">For the person who answers.</param>
    /// <param name="schema">JSON Schema that an answer must fit.</param>
    public TAnswer Ask<TAnswer>(string key, string question, JsonElement? schema = null) => FindAnswer(key) is { } answer
        ? answer.Deserialize<TAnswer>(FeedbackJson.Options) ?? throw new JsonException($"The answer to '{key}' is null.")
        : throw new RunEndedException(new RunAsked(key, question, schema));

    /// <summary>
    /// Ends the run: the work goes on with this message at the next kind, whose result is then the result of the request. Written as
    /// <c>return context.Forward(…)</c>, so that the compiler checks that the results fit.
    /// </summary>
    public TResult Forward<TNext, TResult>(Kind<TNext, TResult> kind, TNext message)
        where TNext : notnull => Hop < MaxHops
        ? throw new RunEndedException(new RunForwarded(kind.Name, JsonSerializer.SerializeToElement(message, FeedbackJson.Options)))
        : throw new ProblemException(Problem.Of("too-many-hops", "The work was forwarded in a circle."), permanent: true);

    protected abstract JsonElement? FindAnswer(string key);
}
