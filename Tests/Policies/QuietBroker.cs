using AspireFeedback.Messaging;

namespace AspireFeedback.Tests.Policies;

/// <summary>A broker that only tells what waits in it.</summary>
internal sealed class QuietBroker : ITransport
{
    public event Action? Connected;

    public bool IsConnected { get; set; } = true;

    public bool IsBlocked { get; set; }

    public long? Reports { get; set; } = 0;

    /// <summary>What waits per kind; the others are empty.</summary>
    public Dictionary<string, long?> Work { get; } = [];

    public Task<long?> CountReadyWorkAsync(string kind, CancellationToken cancellationToken) => Task.FromResult(Work.GetValueOrDefault(kind, 0));

    public Task<long?> CountReadyReportsAsync(CancellationToken cancellationToken) => Task.FromResult(Reports);

    public void Connect()
    {
        IsConnected = true;
        Connected?.Invoke();
    }

    public Task<IReadOnlyList<SendOutcome>> SendWorkAsync(IReadOnlyList<WorkToSend> batch, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SendOutcome>>([.. batch.Select(_ => SendOutcome.Failed)]);

    public Task SendReportAsync(Message report, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SendControlAsync(Message control, CancellationToken cancellationToken) => throw new TransportUnavailableException("It is quiet.");

    public Task<ISubscription> ReceiveWorkAsync(string kind, int concurrency, Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ISubscription> ReceiveReportsAsync(int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ISubscription> ReceiveControlAsync(Func<Message, CancellationToken, Task> handle, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ISubscription> ReceiveDeadAsync(Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
