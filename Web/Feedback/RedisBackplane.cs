using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AspireFeedback.Web.Feedback;

/// <summary>
/// Carries changes between the instances over Redis pub/sub, one channel per owner. A wake-up only: nothing is lost for good when it is away.
/// </summary>
internal sealed partial class RedisBackplane : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PublishPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly LatestChanges _unpublished = new(limit: 10_000);
    private readonly Func<IConnectionMultiplexer> _connect;
    private readonly string _prefix;
    private readonly RedisEcho _echo;
    private readonly RedisSubscriptions _subscriptions;
    private readonly FeedbackMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisBackplane> _logger;
    private IConnectionMultiplexer? _redis;
    private volatile bool _present;
    private volatile bool _disposed;

    /// <param name="connect">Waits until it has tried to connect. It is asked again for as long as it throws.</param>
    public RedisBackplane(Func<IConnectionMultiplexer> connect, IOptions<FeedbackOptions> options, FeedbackMetrics metrics, TimeProvider time, ILogger<RedisBackplane> logger)
    {
        (_connect, _metrics, _time, _logger, _prefix) = (connect, metrics, time, logger, options.Value.Namespace);
        _echo = new($"{_prefix}:instance:{_instance}", time);
        _subscriptions = new(ChannelOf, Receive, () => _present ? _redis?.GetSubscriber() : null);
    }

    /// <summary>Whether the last probe came back and nothing has failed since.</summary>
    public bool Present => _present;

    /// <summary>Gets each change of another instance. Set before the first probe; must be quick.</summary>
    public Action<Change>? Received { get; set; }

    /// <summary>Called when a connection is there again: a probe is due.</summary>
    public Action? Restored { get; set; }

    /// <summary>Rises when Redis is back, the first time included: then whoever waits has to be compared with the log.</summary>
    public int Returns { get; private set; }

    public static void Configure(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false; // starts while Redis is down, and connects when it is there
        options.ReconnectRetryPolicy = new LinearRetry(1000);
    }

    /// <summary>Completes when Redis has confirmed the subscription, or cannot at the moment: then it is made up for when it is back.</summary>
    public async Task SubscribeAsync(Guid owner)
    {
        try
        {
            await _subscriptions.AddAsync(owner).WaitAsync(Patience, _time);
        }
        catch (Exception e) when (IsOutage(e))
        {
            Lose(e);
        }
    }

    public void Unsubscribe(Guid owner)
    {
        try
        {
            _subscriptions.Remove(owner);
        }
        catch (Exception e) when (IsOutage(e))
        {
            Lose(e);
        }
    }

    /// <summary>Publishes, or keeps what could not be published until Redis is back. Never fails because of Redis.</summary>
    public async ValueTask PublishAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        if (!_present || _redis is null)
        {
            Keep(changes);
            return;
        }
        try
        {
            var subscriber = _redis.GetSubscriber();
            await Task.WhenAll(changes.Select(change => subscriber.PublishAsync(ChannelOf(change.Owner), ChangeHeader.Write(_instance, change))))
                .WaitAsync(PublishPatience, _time, cancellationToken);
        }
        catch (Exception e) when (IsOutage(e))
        {
            Keep(changes);
            Lose(e);
        }
        catch (OperationCanceledException)
        {
            Keep(changes);
            throw;
        }
    }

    /// <summary>
    /// Sends a message to itself over Redis: true when it comes back. After an outage subscriptions are made again and what was kept is sent.
    /// One caller at a time.
    /// </summary>
    public async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            _redis ??= await ConnectAsync(cancellationToken);
            var subscriber = _redis.GetSubscriber();
            if (!_present)
                await _echo.ListenAsync(subscriber, cancellationToken);
            await _echo.HearAsync(subscriber, cancellationToken);
            if (!_present)
                await ReturnAsync(subscriber, cancellationToken);
            return _present;
        }
        catch (Exception e) when (IsOutage(e))
        {
            Lose(e);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (_redis is not null)
            await _redis.CloseAsync(allowCommandsToComplete: false);
    }

    private async Task<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        // On a thread of its own: it blocks for as long as Redis is silent.
        var connecting = Task.Factory.StartNew(_connect, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var connected = await connecting.WaitAsync(ConnectPatience, _time, cancellationToken);
        connected.ConnectionFailed += (_, e) => Lose(e.Exception);
        connected.ConnectionRestored += (_, _) => Restored?.Invoke();
        return connected;
    }

    private async Task ReturnAsync(ISubscriber subscriber, CancellationToken cancellationToken)
    {
        // From here on new owners subscribe by themselves; those from before are subscribed now.
        _present = true;
        var owners = await _subscriptions.AnewAsync(subscriber).WaitAsync(ConnectPatience, _time, cancellationToken);
        var kept = _unpublished.TakeAll();
        foreach (var chunk in kept.Chunk(500))
            await PublishAsync(chunk, cancellationToken);
        if (!_present)
            return;
        Returns++;
        _metrics.BackplaneIs(up: true);
        LogPresent(owners, kept.Count);
    }

    private void Receive(Guid owner, RedisValue message)
    {
        try
        {
            var (header, json) = ChangeHeader.Read((byte[]?)message ?? []);
            if (header.Instance != _instance)
                Received?.Invoke(Change.Received(owner, header, json));
        }
        catch (JsonException e)
        {
            LogUnreadable(e);
        }
    }

    private void Keep(IReadOnlyList<Change> changes)
    {
        _metrics.PublishFailed(changes.Count);
        foreach (var change in changes)
            _unpublished.Add(change);
    }

    private void Lose(Exception? e)
    {
        _metrics.BackplaneIs(up: false);
        if (!_present)
            return;
        _present = false;
        if (!_disposed)
            LogAway(e);
    }

    private RedisChannel ChannelOf(Guid owner) => new($"{_prefix}:owner:{owner:N}", RedisChannel.PatternMode.Literal);

    private static bool IsOutage(Exception e) => e is RedisException or TimeoutException or SocketException or IOException or ObjectDisposedException;

    [LoggerMessage(4310, LogLevel.Information, "The Redis backplane is there: {Owners} owners subscribed, {Kept} kept changes sent.")]
    private partial void LogPresent(int owners, int kept);

    [LoggerMessage(4311, LogLevel.Warning, "The Redis backplane is away. Connections are compared with the log until it is back.")]
    private partial void LogAway(Exception? e);

    [LoggerMessage(4312, LogLevel.Warning, "A message on the backplane could not be read; is its namespace shared with another system?")]
    private partial void LogUnreadable(Exception e);
}
