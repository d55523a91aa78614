using System.Collections.Concurrent;
using AspireFeedback.Messaging;

namespace AspireFeedback.Tests.Requests;

/// <summary>A broker that takes everything and keeps it; nobody works on it unless the test does.</summary>
internal sealed class TakingBroker : ITransport
{
    public event Action? Connected
    {
        add { }
        remove { }
    }

    public bool IsConnected => true;

    public bool IsBlocked => false;

    public ConcurrentQueue<Message> Work { get; } = new();

    public ConcurrentQueue<Message> Control { get; } = new();

    public Task<IReadOnlyList<SendOutcome>> SendWorkAsync(IReadOnlyList<WorkToSend> batch, CancellationToken cancellationToken)
    {
        foreach (var work in batch)
            Work.Enqueue(work.Message);
        return Task.FromResult<IReadOnlyList<SendOutcome>>([.. batch.Select(_ => SendOutcome.Confirmed)]);
    }

    public Task SendControlAsync(Message control, CancellationToken cancellationToken)
    {
        Control.Enqueue(control);
        return Task.CompletedTask;
    }

    public Task<long?> CountReadyWorkAsync(string kind, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    public Task<long?> CountReadyReportsAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(0);

    public Task SendReportAsync(Message report, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ISubscription> ReceiveWorkAsync(string kind, int concurrency, Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ISubscription> ReceiveReportsAsync(int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ISubscription> ReceiveControlAsync(Func<Message, CancellationToken, Task> handle, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ISubscription> ReceiveDeadAsync(Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
