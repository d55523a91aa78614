using System.Collections.Concurrent;
using System.Globalization;
using AspireFeedback.Messaging.RabbitMq;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>
/// The roles of <see cref="ITransport"/> on Azure Service Bus: a queue for each kind with its own dead letters, one for reports, a topic for control.
/// They are made with the namespace (in <c>AppHost</c>), not by this, which needs no right to manage.
/// </summary>
internal sealed class ServiceBusTransport : ITransport
{
    /// <summary>Reports that have waited this long are a backlog.</summary>
    private static readonly TimeSpan Backlog = TimeSpan.FromSeconds(5);

    private readonly ServiceBusContext _context;
    private readonly ServiceBusSending _sending;
    private readonly ServiceBusWatch _watch;
    private readonly ConcurrentBag<ISubscription> _subscriptions = [];

    public ServiceBusTransport(ServiceBusClient client, IOptions<RabbitMqOptions> options, TimeProvider time, ILogger<ServiceBusTransport> logger)
    {
        _context = new(client, options.Value, time, logger);
        _sending = new(_context);
        _watch = new(_context, () => Connected?.Invoke());
    }

    public event Action? Connected;

    public bool IsConnected => _watch.IsConnected;

    public bool IsBlocked => _sending.IsBlocked;

    public async Task<IReadOnlyList<SendOutcome>> SendWorkAsync(IReadOnlyList<WorkToSend> batch, CancellationToken cancellationToken) =>
        await Task.WhenAll(batch.Select(work => Topology.CanBeKind(work.Kind)
            ? _sending.SendAsync(Topology.QueueOf(work.Kind), work.Message, traced: true, cancellationToken)
            : Task.FromResult(SendOutcome.Unroutable)));

    public Task SendReportAsync(Message report, CancellationToken cancellationToken) =>
        SendOneAsync(Topology.ReportsQueue, report, traced: false, cancellationToken);

    public Task SendControlAsync(Message control, CancellationToken cancellationToken) =>
        SendOneAsync(Topology.Control, control, traced: true, cancellationToken);

    public Task<ISubscription> ReceiveWorkAsync(
        string kind, int concurrency, Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Topology.CanBeKind(kind), true, nameof(kind));
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        return Keep(new WorkLanes(_context, kind, concurrency, handle).Start());
    }

    public Task<ISubscription> ReceiveReportsAsync(
        int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        return Keep(new BatchLane(_context, Topology.ReportsQueue, SubQueue.None, maxBatch, handle).Start());
    }

    public Task<ISubscription> ReceiveControlAsync(Func<Message, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        Keep(new ControlReader(_context, handle).Start());

    public Task<ISubscription> ReceiveDeadAsync(Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        Keep(new DeadLetters([.. _context.Options.Kinds.Select(kind => new BatchLane(
            _context, Topology.QueueOf(kind), SubQueue.DeadLetter, maxBatch: 1, (batch, lost) => handle(batch[0], lost)).Start())]));

    public Task<long?> CountReadyWorkAsync(string kind, CancellationToken cancellationToken) =>
        _watch.CountAsync(Topology.QueueOf(kind), TimeSpan.MinValue, cancellationToken);

    public Task<long?> CountReadyReportsAsync(CancellationToken cancellationToken) => _watch.CountAsync(Topology.ReportsQueue, Backlog, cancellationToken);

    /// <summary>The client is its container's.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_subscriptions.Select(subscription => subscription.DisposeAsync().AsTask()));
        await _watch.DisposeAsync();
        await _sending.DisposeAsync();
    }

    private async Task SendOneAsync(string entity, Message message, bool traced, CancellationToken cancellationToken)
    {
        if (message.Body.Length > _context.Options.MaxBodyBytes)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A message of {message.Body.Length} bytes is larger than {_context.Options.MaxBodyBytes}."));
        }

        if (await _sending.SendAsync(entity, message, traced, cancellationToken) != SendOutcome.Confirmed)
            throw new TransportUnavailableException($"The message to {entity} was not confirmed.");
    }

    private Task<ISubscription> Keep(ISubscription subscription)
    {
        _subscriptions.Add(subscription);
        return Task.FromResult(subscription);
    }

    /// <summary>Of every kind.</summary>
    private sealed class DeadLetters(IReadOnlyList<ISubscription> kinds) : ISubscription
    {
        public Task CaughtUp => Task.CompletedTask;

        public Task StopTakingAsync(CancellationToken cancellationToken) => Task.WhenAll(kinds.Select(kind => kind.StopTakingAsync(cancellationToken)));

        public async ValueTask DisposeAsync() => await Task.WhenAll(kinds.Select(kind => kind.DisposeAsync().AsTask()));
    }
}
