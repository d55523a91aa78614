using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>The roles of <see cref="ITransport"/> on RabbitMQ 3.10 and later: which exchange, which queue, what an outcome means.</summary>
internal sealed class RabbitMqTransport : ITransport
{
    private static readonly TimeSpan CountTimeout = TimeSpan.FromSeconds(5);

    private readonly RabbitMqOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Topology _topology;
    private readonly Publisher _publisher;
    private readonly BrokerConnection _consuming;
    private readonly ConcurrentDictionary<Subscription, bool> _subscriptions = new();

    public RabbitMqTransport(IOptions<RabbitMqOptions> options, TimeProvider time, ILogger<RabbitMqTransport> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _topology = new(_options.Kinds);
        LibraryTracing.LeaveTraceContextAlone();
        _publisher = new(_options, _topology, time, logger, () => Connected?.Invoke());
        _consuming = new("consume", _options, time, logger);
    }

    public event Action? Connected;

    public bool IsConnected => _publisher.IsReady;

    public bool IsBlocked => _publisher.IsBlocked;

    public Task<IReadOnlyList<SendOutcome>> SendWorkAsync(IReadOnlyList<WorkToSend> batch, CancellationToken cancellationToken) =>
        _publisher.SendAsync([.. batch.Select(work => new AddressedMessage(Topology.Requests, work.Kind, work.Message))], traced: true, cancellationToken);

    // No span each: a run sends many, and their trace context is that of the run.
    public Task SendReportAsync(Message report, CancellationToken cancellationToken) =>
        SendOneAsync(new(Topology.Reports, Topology.ReportsQueue, report), traced: false, cancellationToken);

    public Task SendControlAsync(Message control, CancellationToken cancellationToken) =>
        SendOneAsync(new(Topology.Control, "", control), traced: true, cancellationToken);

    public Task<ISubscription> ReceiveWorkAsync(
        string kind, int concurrency, Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Topology.CanBeKind(kind), true, nameof(kind));
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        return Start(context => new WorkSubscription(context, kind, concurrency, handle), cancellationToken);
    }

    public Task<ISubscription> ReceiveReportsAsync(
        int maxBatch, Func<IReadOnlyList<Delivery>, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        return Start(context => new ReportSubscription(context, maxBatch, handle), cancellationToken);
    }

    public Task<ISubscription> ReceiveControlAsync(Func<Message, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        Start(context => new ControlSubscription(context, SendMarkerAsync, handle), cancellationToken);

    public Task<ISubscription> ReceiveDeadAsync(Func<Delivery, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        Start(context => new DeadSubscription(context, handle), cancellationToken);

    public Task<long?> CountReadyWorkAsync(string kind, CancellationToken cancellationToken) =>
        CountReadyAsync(Topology.QueueOf(kind), cancellationToken);

    public Task<long?> CountReadyReportsAsync(CancellationToken cancellationToken) => CountReadyAsync(Topology.ReportsQueue, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_subscriptions.Keys.Select(subscription => subscription.DisposeAsync().AsTask()));
        await _publisher.DisposeAsync();
        await _consuming.DisposeAsync();
    }

    private async Task SendOneAsync(AddressedMessage message, bool traced, CancellationToken cancellationToken)
    {
        if (message.Message.Body.Length > _options.MaxBodyBytes)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A message of {message.Message.Body.Length} bytes is larger than {_options.MaxBodyBytes}."));
        }

        var outcomes = await _publisher.SendAsync([message], traced, cancellationToken);
        if (outcomes[0] != SendOutcome.Confirmed)
        {
            throw new TransportUnavailableException(outcomes[0] == SendOutcome.Unroutable
                ? $"No queue takes messages from {message.Exchange}."
                : $"The message to {message.Exchange} was not confirmed.");
        }
    }

    /// <summary>Straight into the stream's queue: other queues that somebody bound to the exchange need not see it.</summary>
    private Task SendMarkerAsync(Message marker, CancellationToken cancellationToken) =>
        SendOneAsync(new("", Topology.ControlQueue, marker), traced: false, cancellationToken);

    private Task<ISubscription> Start(Func<SubscriptionContext, Subscription> create, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var subscription = create(new(_consuming, _topology, _options, _time, _logger, ended => _subscriptions.TryRemove(ended, out _)));
        _subscriptions.TryAdd(subscription, true);
        subscription.Start();
        return Task.FromResult<ISubscription>(subscription);
    }

    /// <summary>On a channel of its own, since asking for a queue that does not exist closes it.</summary>
    private async Task<long?> CountReadyAsync(string queue, CancellationToken cancellationToken)
    {
        if (_consuming.Current is not { } connection)
        {
            return null;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(CountTimeout);
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: deadline.Token);
            return await channel.MessageCountAsync(queue, deadline.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RabbitMqLog.CannotCount(_logger, queue, exception.Message);
            return null;
        }
    }
}
