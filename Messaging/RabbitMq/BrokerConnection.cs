using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// One connection that is opened in the background and again whenever it is gone. The client's own recovery is switched off: it does not
/// cover the first connect nor a channel that the broker closes, and it brings old channel objects back to life, on which a late
/// acknowledgement would settle somebody else's delivery tag. Here a dead connection stays dead with its channels, and whoever used it
/// waits for the next one and declares and consumes afresh.
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    // A connection that lived shorter than this was no success: what closed it may close the next one at once.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private readonly IConnectionFactory _factory;
    private readonly string _name;
    private readonly RabbitMqOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private volatile TaskCompletionSource<IConnection> _open = NewGate();

    public BrokerConnection(string role, RabbitMqOptions options, TimeProvider time, ILogger logger)
    {
        _name = $"{options.ApplicationName}:{role}";
        _options = options;
        _time = time;
        _logger = logger;
        _factory = options.ConnectionFactory?.Invoke() ?? Configured(new() { Uri = new(options.ConnectionString) });

        // Whoever constructs the transport may be inside a request's span; the loops outlive it.
        using (ExecutionContext.SuppressFlow())
        {
            _run = Task.Run(RunAsync);
        }
    }

    public static void Configure(ConnectionFactory factory)
    {
        factory.AutomaticRecoveryEnabled = false;
        factory.TopologyRecoveryEnabled = false;
        factory.RequestedConnectionTimeout = TimeSpan.FromSeconds(10);
        factory.ContinuationTimeout = TimeSpan.FromSeconds(10);
        factory.RequestedHeartbeat = TimeSpan.FromSeconds(15);

        // The most that any broker lets in: a body above this limit would break the connection, be delivered again and break the next one.
        factory.MaxInboundMessageBodySize = 512 * 1024 * 1024;
    }

    /// <summary>The open connection, as soon as there is one. It may be closed again by the time it is used.</summary>
    public Task<IConnection> WaitAsync(CancellationToken cancellationToken) => _open.Task.WaitAsync(cancellationToken);

    public IConnection? Current => _open.Task is { IsCompletedSuccessfully: true } open && open.Result.IsOpen ? open.Result : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), _options.MaxReconnectBackoff, _time);
        var attempts = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _factory.CreateConnectionAsync(_name, _stop.Token);
                var closed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
                connection.ConnectionShutdownAsync += (_, reason) =>
                {
                    closed.TrySetResult(reason.ReplyText);
                    return Task.CompletedTask;
                };
                if (connection.CloseReason is { } early)
                {
                    closed.TrySetResult(early.ReplyText);
                }

                RabbitMqLog.Connected(_logger, _name, attempts);
                attempts = 0;
                var since = _time.GetTimestamp();
                _open.TrySetResult(connection);
                try
                {
                    RabbitMqLog.ConnectionLost(_logger, _name, await closed.Task.WaitAsync(_stop.Token));
                }
                finally
                {
                    _open = NewGate();
                    await connection.AbortAsync(CloseTimeout);
                }

                if (_time.GetElapsedTime(since) > Settled)
                {
                    backoff.Reset();
                }
            }
            catch (Exception exception) when (!_stop.IsCancellationRequested)
            {
                // Once per outage loudly; it may last for hours.
                if (attempts++ == 0)
                {
                    RabbitMqLog.CannotConnect(_logger, _name, exception.GetBaseException().Message);
                }
            }
            catch (Exception exception)
            {
                RabbitMqLog.StoppedWhileConnecting(_logger, _name, exception.GetBaseException().Message);
            }

            if (!_stop.IsCancellationRequested)
            {
                await backoff.DelayAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _open.TrySetCanceled();
    }

    private static ConnectionFactory Configured(ConnectionFactory factory)
    {
        Configure(factory);
        return factory;
    }

    private static TaskCompletionSource<IConnection> NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
