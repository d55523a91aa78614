namespace AspireFeedback.Messaging;

/// <summary>
/// The broker by its roles: work per kind, reports, control, dead letters. Durable and at-least-once in every role. Every implementation
/// connects in the background and again after an outage; receiving survives outages, sending fails with <see cref="TransportUnavailableException"/>
/// or <see cref="SendOutcome.Failed"/> until the broker is back.
/// </summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>Whether the broker can be reached at this moment.</summary>
    bool IsConnected { get; }

    /// <summary>Whether the broker, short of memory or disk, lets nobody send at this moment. It tells only those who have tried.</summary>
    bool IsBlocked { get; }

    /// <summary>Raised after a (re)connect; handlers must be quick.</summary>
    event Action? Connected;

    /// <summary>Sends each message to the queue of its kind. Completes when all are confirmed or known not to be; one outcome per message, in order.</summary>
    Task<IReadOnlyList<SendOutcome>> SendWorkAsync(IReadOnlyList<WorkToSend> batch, CancellationToken cancellationToken);

    /// <summary>Completes when the report is confirmed. Many calls may be under way at once.</summary>
    /// <exception cref="TransportUnavailableException">It was not confirmed; whether it arrived is unknown.</exception>
    Task SendReportAsync(Message report, CancellationToken cancellationToken);

    /// <summary>Completes when the message stands in the control stream.</summary>
    /// <exception cref="TransportUnavailableException">It was not confirmed; whether it arrived is unknown.</exception>
    Task SendControlAsync(Message control, CancellationToken cancellationToken);

    /// <summary>
    /// Takes up to <paramref name="concurrency"/> messages of a kind at a time. <paramref name="handle"/> settles each delivery itself;
    /// one that it leaves unsettled by throwing goes back to the queue. The token given to it fires when the delivery is lost with its connection.
    /// </summary>
    Task<ISubscription> ReceiveWorkAsync(string kind, int concurrency, Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken);

    /// <summary>
    /// Takes reports in batches of what is there, up to <paramref name="maxBatch"/>, one batch at a time. The batch is acknowledged when
    /// <paramref name="handle"/> returns, and goes back to the queue when it throws.
    /// </summary>
    Task<ISubscription> ReceiveReportsAsync(int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle, CancellationToken cancellationToken);

    /// <summary>Reads the control stream, first the past (a day), then live. <see cref="ISubscription.CaughtUp"/> completes when the past is read.</summary>
    Task<ISubscription> ReceiveControlAsync(Func<Message, CancellationToken, Task> handle, CancellationToken cancellationToken);

    /// <summary>Takes work that the broker gave up on. Acknowledged when <paramref name="handle"/> returns.</summary>
    Task<ISubscription> ReceiveDeadAsync(Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken);

    /// <summary>Messages ready in the queue of a kind, or <c>null</c> when that cannot be told.</summary>
    Task<long?> CountReadyWorkAsync(string kind, CancellationToken cancellationToken);

    /// <summary>Reports ready to be taken, or <c>null</c> when that cannot be told.</summary>
    Task<long?> CountReadyReportsAsync(CancellationToken cancellationToken);
}

/// <param name="Kind">Names the queue.</param>
/// <param name="Message">Of type <see cref="MessageTypes.Work"/>.</param>
public readonly record struct WorkToSend(string Kind, Message Message);

public enum SendOutcome
{
    /// <summary>The broker has it durably, in a queue.</summary>
    Confirmed,

    /// <summary>No queue takes this kind now; the message must be kept.</summary>
    Unroutable,

    /// <summary>Refused, or unknown because the connection broke; the message must be kept and sent again.</summary>
    Failed,
}

/// <summary>Receiving goes on until this is disposed; disposal waits for handlers that run, up to the transport's limit.</summary>
public interface ISubscription : IAsyncDisposable
{
    Task CaughtUp { get; }

    /// <summary>
    /// Takes nothing new until <see cref="ResumeAsync"/>; what is being handled goes on, and what waits stays with the broker, for others. Of work
    /// only, and never an obligation: a transport that cannot do it goes on.
    /// </summary>
    Task PauseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task ResumeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes nothing new from now on; what is being handled may still be settled.</summary>
    Task StopTakingAsync(CancellationToken cancellationToken);
}

public sealed class TransportUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
