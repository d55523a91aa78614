using System.Collections.Concurrent;
using System.Globalization;
using AspireFeedback.Messaging.RabbitMq;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>
/// The roles of <see cref="ITransport"/> on Wolverine's senders and listeners for RabbitMQ, with the exchanges, queues and properties of
/// <see cref="RabbitMqTransport"/>: the one works with the other across the wire.
/// </summary>
internal sealed class WolverineTransport : ITransport
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Wolverine does not tell that the broker blocks senders; that confirms have not come for this long does.</summary>
    private static readonly TimeSpan BlockedAfter = TimeSpan.FromSeconds(2);

    private readonly RabbitMqOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WolverineConnection _connection;
    private readonly ConcurrentDictionary<WolverineSubscription, bool> _subscriptions = new();
    private readonly ConcurrentDictionary<object, long> _underWay = new();

    public WolverineTransport(IOptions<RabbitMqOptions> options, TimeProvider time, ILogger<WolverineTransport> logger)
    {
        (_options, _time, _logger) = (options.Value, time, logger);
        LibraryTracing.LeaveTraceContextAlone();
        _connection = new(_options, time, logger, () => Connected?.Invoke());
    }

    public event Action? Connected;

    public bool IsConnected => _connection.Current is not null;

    public bool IsBlocked => _underWay.Values.Any(since => _time.GetElapsedTime(since) > BlockedAfter);

    public async Task<IReadOnlyList<SendOutcome>> SendWorkAsync(IReadOnlyList<WorkToSend> batch, CancellationToken cancellationToken)
    {
        // Wolverine sends without asking for what no queue takes, and the broker confirms that: so the queues are asked for before.
        var queues = new Dictionary<string, bool?>();
        foreach (var kind in batch.Select(work => work.Kind).Distinct())
            queues.Add(kind, Topology.CanBeKind(kind) ? await _connection.HasQueueAsync(Topology.QueueOf(kind), AskTimeout, cancellationToken) : false);

        return await Task.WhenAll(batch.Select(work => queues[work.Kind] switch
        {
            true => SendAsync(Topology.Requests, work.Kind, work.Message, traced: true, cancellationToken),
            // Not told, since the broker is away or slow: a queue that may be there is no reason to fail an attempt.
            null => Task.FromResult(Count(Topology.Requests, SendOutcome.Failed)),
            false => Task.FromResult(Count(Topology.Requests, SendOutcome.Unroutable)),
        }));
    }

    public Task SendReportAsync(Message report, CancellationToken cancellationToken) =>
        SendOneAsync(Topology.Reports, Topology.ReportsQueue, report, traced: false, cancellationToken);

    public Task SendControlAsync(Message control, CancellationToken cancellationToken) =>
        SendOneAsync(Topology.Control, "", control, traced: true, cancellationToken);

    public Task<ISubscription> ReceiveWorkAsync(
        string kind, int concurrency, Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Topology.CanBeKind(kind), true, nameof(kind));
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        return Start(context => new WorkTaking(context, kind, concurrency, handle), cancellationToken);
    }

    public Task<ISubscription> ReceiveReportsAsync(
        int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        return Start(
            context => new BatchTaking(context, Topology.ReportsQueue, (ushort)Math.Min(2 * maxBatch, ushort.MaxValue), maxBatch, dead: false, handle),
            cancellationToken);
    }

    public Task<ISubscription> ReceiveControlAsync(Func<Message, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        Start(
            context => new ControlTaking(context, (marker, token) => SendOneAsync("", Topology.ControlQueue, marker, traced: false, token), handle),
            cancellationToken);

    public Task<ISubscription> ReceiveDeadAsync(Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        Start(
            context => new BatchTaking(context, Topology.DeadQueue, prefetch: 20, maxBatch: 1, dead: true, (batch, lost) => handle(batch[0], lost)),
            cancellationToken);

    public Task<long?> CountReadyWorkAsync(string kind, CancellationToken cancellationToken) => CountReadyAsync(Topology.QueueOf(kind), cancellationToken);

    public Task<long?> CountReadyReportsAsync(CancellationToken cancellationToken) => CountReadyAsync(Topology.ReportsQueue, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_subscriptions.Keys.Select(subscription => subscription.DisposeAsync().AsTask()));
        await _connection.DisposeAsync();
    }

    private async Task SendOneAsync(string exchange, string key, Message message, bool traced, CancellationToken cancellationToken)
    {
        if (message.Body.Length > _options.MaxBodyBytes)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A message of {message.Body.Length} bytes is larger than {_options.MaxBodyBytes}."));
        if (await SendAsync(exchange, key, message, traced, cancellationToken) != SendOutcome.Confirmed)
            throw new TransportUnavailableException($"The message to {exchange} was not confirmed.");
    }

    private async Task<SendOutcome> SendAsync(string exchange, string key, Message message, bool traced, CancellationToken cancellationToken)
    {
        if (message.Body.Length > _options.MaxBodyBytes)
        {
            RabbitMqLog.TooLargeToSend(_logger, message.Body.Length, exchange, message.RequestId, _options.MaxBodyBytes);
            return Count(exchange, SendOutcome.Failed);
        }

        if (_connection.Current is not { } link)
            return Count(exchange, SendOutcome.Failed);
        var span = traced ? MessagingTelemetry.StartSend(exchange, message) : null;
        var mark = new object();
        _underWay[mark] = _time.GetTimestamp();
        try
        {
            await link.SendAsync(exchange, key, span is null ? message : message with { TraceParent = span.Id, TraceState = span.TraceStateString })
                .WaitAsync(_options.SendTimeout, _time, cancellationToken).WaitAsync(link.Lost);
            return Count(exchange, SendOutcome.Confirmed);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RabbitMqLog.PublishingLost(_logger, exception.GetBaseException().Message);
            span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, "not confirmed");
            return Count(exchange, SendOutcome.Failed);
        }
        finally
        {
            _underWay.TryRemove(mark, out _);
            span?.Dispose();
        }
    }

    private Task<long?> CountReadyAsync(string queue, CancellationToken cancellationToken) =>
        _connection.AskAsync(async (channel, token) => (long)await channel.MessageCountAsync(queue, token), AskTimeout, cancellationToken);

    private Task<ISubscription> Start(Func<TakingContext, WolverineSubscription> create, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var subscription = create(new(_connection.WaitAsync, _options, _time, _logger, ended => _subscriptions.TryRemove(ended, out _)));
        _subscriptions.TryAdd(subscription, true);
        subscription.Start();
        return Task.FromResult<ISubscription>(subscription);
    }

    private static SendOutcome Count(string destination, SendOutcome outcome)
    {
        MessagingTelemetry.CountSent(destination, outcome);
        return outcome;
    }
}
