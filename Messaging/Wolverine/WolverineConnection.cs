using AspireFeedback.Messaging.RabbitMq;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>
/// Opens a link in the background, and another one whenever it is gone. A connection beside Wolverine's own declares the topology with all of its
/// arguments, counts, and notices first that the broker has gone.
/// </summary>
internal sealed class WolverineConnection : IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(5);

    private readonly RabbitMqOptions _options;
    private readonly Topology _topology;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _opened;
    private readonly BrokerConnection _watch;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private volatile TaskCompletionSource<WolverineLink> _link = NewGate();

    public WolverineConnection(RabbitMqOptions options, TimeProvider time, ILogger logger, Action opened)
    {
        (_options, _topology, _time, _logger, _opened) = (options, new(options.Kinds), time, logger, opened);
        _watch = new("watch", options, time, logger);
        using (ExecutionContext.SuppressFlow())
            _run = Task.Run(RunAsync);
    }

    public WolverineLink? Current => _link.Task is { IsCompletedSuccessfully: true } open ? open.Result : null;

    public Task<WolverineLink> WaitAsync(CancellationToken cancellationToken) => _link.Task.WaitAsync(cancellationToken);

    /// <summary>On a channel of its own, since asking for a queue that does not exist closes it.</summary>
    /// <returns><c>null</c> when that cannot be told.</returns>
    public async Task<T?> AskAsync<T>(Func<IChannel, CancellationToken, Task<T>> ask, TimeSpan limit, CancellationToken cancellationToken)
        where T : struct
    {
        if (_watch.Current is not { } connection)
            return null;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: deadline.Token);
            return await ask(channel, deadline.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RabbitMqLog.SettlingLost(_logger, "a question", exception.Message);
            return null;
        }
    }

    /// <returns><c>null</c> when that cannot be told.</returns>
    public Task<bool?> HasQueueAsync(string queue, TimeSpan limit, CancellationToken cancellationToken) =>
        AskAsync((channel, token) => AreThereAsync(channel, [queue], token), limit, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await _watch.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), _options.MaxReconnectBackoff, _time);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await _watch.WaitAsync(_stop.Token);
                await using (var channel = await connection.CreateChannelAsync(cancellationToken: _stop.Token))
                    await _topology.DeclareAsync(channel, _stop.Token);
                await using var link = await WolverineLink.OpenAsync(_options, _logger, _stop.Token);
                backoff.Reset();
                await UseAsync(connection, link);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                RabbitMqLog.CannotConnect(_logger, "Wolverine", exception.GetBaseException().Message);
            }

            await backoff.DelayAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _link.TrySetCanceled();
    }

    private async Task UseAsync(IConnection connection, WolverineLink link)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, _) =>
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        };
        if (!connection.IsOpen)
            return;
        _link.TrySetResult(link);
        _opened();
        try
        {
            // Wolverine's listeners do not notice that their queue has been deleted; the next link declares it again.
            do
                await Task.WhenAny(gone.Task, Task.Delay(LookInterval, _time, _stop.Token));
            while (!gone.Task.IsCompleted && !_stop.IsCancellationRequested && await AskAsync(AreQueuesThereAsync, LookTimeout, _stop.Token) is not false);
        }
        finally
        {
            _link = NewGate();
            link.Lose();
        }
    }

    private Task<bool> AreQueuesThereAsync(IChannel channel, CancellationToken cancellationToken) => AreThereAsync(
        channel, _options.Kinds.Select(Topology.QueueOf).Append(Topology.ReportsQueue).Append(Topology.DeadQueue).Append(Topology.ControlQueue), cancellationToken);

    private static async Task<bool> AreThereAsync(IChannel channel, IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var queue in queues)
                await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            return true;
        }
        // Under the same number the broker tells of a queue that it has and that is not up yet, as after a restart.
        catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: Constants.NotFound, ReplyText: var text } && text.Contains("no queue", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static TaskCompletionSource<WolverineLink> NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
