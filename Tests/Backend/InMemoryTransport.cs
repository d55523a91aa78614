using System.Collections.Immutable;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;

namespace AspireFeedback.Tests.Backend;

/// <summary>
/// A broker in memory for the worker's side: queues per kind, redelivery of what is lost or returned, a control stream with a past, and
/// confirms that a test can hold back or refuse. Keeps a journal of what happened in which order.
/// </summary>
internal sealed class InMemoryTransport : ITransport
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<InMemoryConsumer.Waiting>> _queues = [];
    private readonly List<InMemoryConsumer> _consumers = [];
    private readonly List<Message> _controlLog = [];
    private readonly List<Func<Message, CancellationToken, Task>> _controlReaders = [];
    private ImmutableList<string> _journal = [];
    private ImmutableList<Message> _reports = [];
    private ImmutableList<WorkToSend> _forwarded = [];

    public event Action? Connected;

    public bool IsConnected { get; private set; } = true;

    public bool IsBlocked => false;

    /// <summary>Completes when the reader has the past of the control stream; a test may replace it by one that never does.</summary>
    public Task CaughtUp { get; set; } = Task.CompletedTask;

    /// <summary>Called for every report before its confirm; throws or waits as the test likes.</summary>
    public Func<Message, CancellationToken, Task> OnReport { get; set; } = (_, _) => Task.CompletedTask;

    public Func<WorkToSend, SendOutcome> OnForward { get; set; } = _ => SendOutcome.Confirmed;

    public IReadOnlyList<string> Journal => _journal;

    /// <summary>Confirmed, heartbeats included.</summary>
    public IReadOnlyList<Message> Reports => _reports;

    public IReadOnlyList<WorkToSend> Forwarded => _forwarded;

    public void Note(string what) => ImmutableInterlocked.Update(ref _journal, (list, x) => list.Add(x), what);

    public void Connect(bool connected)
    {
        IsConnected = connected;
        if (connected)
            Connected?.Invoke();
    }

    public Message Publish(Kind kind, object payload, Func<Message, Message>? change = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { payload }, FeedbackJson.Options);
        var message = new Message(Guid.CreateVersion7(), Guid.CreateVersion7(), MessageTypes.Work, body) { Attempt = 1, Hop = 1 };
        message = change?.Invoke(message) ?? message;
        Enqueue(kind.Name, new(message, 0));
        return message;
    }

    /// <summary>The connection breaks: tokens fire, and what is unsettled is given out again.</summary>
    public void LoseConnection()
    {
        List<InMemoryConsumer.HeldDelivery> lost;
        lock (_gate)
            lost = [.. _consumers.SelectMany(x => x.Unsettled)];
        lost.ForEach(x => x.Lose());
    }

    public Task<IReadOnlyList<SendOutcome>> SendWorkAsync(IReadOnlyList<WorkToSend> batch, CancellationToken cancellationToken)
    {
        var outcomes = batch.Select(OnForward).ToList();
        foreach (var (work, _) in batch.Zip(outcomes).Where(x => x.Second is SendOutcome.Confirmed))
        {
            ImmutableInterlocked.Update(ref _forwarded, (list, x) => list.Add(x), work);
            Note($"forward {work.Kind}");
        }
        return Task.FromResult<IReadOnlyList<SendOutcome>>(outcomes);
    }

    public async Task SendReportAsync(Message report, CancellationToken cancellationToken)
    {
        await OnReport(report, cancellationToken);
        ImmutableInterlocked.Update(ref _reports, (list, x) => list.Add(x), report);
        Note(report.Type);
    }

    public async Task SendControlAsync(Message control, CancellationToken cancellationToken)
    {
        _controlLog.Add(control);
        foreach (var reader in _controlReaders)
            await reader(control, cancellationToken);
    }

    public Task<ISubscription> ReceiveWorkAsync(
        string kind, int concurrency, Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        var consumer = new InMemoryConsumer(this, kind, concurrency, handle);
        lock (_gate)
            _consumers.Add(consumer);
        Note($"take {kind}");
        Dispatch(kind);
        return Task.FromResult<ISubscription>(consumer);
    }

    public async Task<ISubscription> ReceiveControlAsync(Func<Message, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        foreach (var message in _controlLog)
            await handle(message, cancellationToken);
        _controlReaders.Add(handle);
        Note("control");
        return new InMemoryConsumer(this, "control", 0, (_, _) => Task.CompletedTask);
    }

    public Task<ISubscription> ReceiveReportsAsync(
        int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ISubscription> ReceiveDeadAsync(Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<long?> CountReadyWorkAsync(string kind, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<long?>(_queues.TryGetValue(kind, out var queue) ? queue.Count : 0);
    }

    public Task<long?> CountReadyReportsAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Enqueue(string kind, InMemoryConsumer.Waiting waiting)
    {
        lock (_gate)
        {
            if (!_queues.TryGetValue(kind, out var queue))
                _queues[kind] = queue = new();
            queue.Enqueue(waiting);
        }
        Dispatch(kind);
    }

    public void Dispatch(string kind)
    {
        lock (_gate)
        {
            foreach (var consumer in _consumers.Where(x => x.Kind == kind && x.Taking))
            {
                while (consumer.HasRoom && _queues.TryGetValue(kind, out var queue) && queue.TryDequeue(out var waiting))
                    consumer.Take(waiting);
            }
        }
    }
}
