using AspireFeedback.Messaging.RabbitMq;
using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>Looks at the reports now and then: whether the bus can be reached, and whether reports wait.</summary>
internal sealed class ServiceBusWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ServiceBusContext _context;
    private readonly Action _connected;
    private readonly ServiceBusReceiver _reports;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private volatile bool _isConnected;

    public ServiceBusWatch(ServiceBusContext context, Action connected)
    {
        (_context, _connected) = (context, connected);
        _reports = context.Client.CreateReceiver(Topology.ReportsQueue);
        using (ExecutionContext.SuppressFlow())
            _run = Task.Run(RunAsync);
    }

    public bool IsConnected => _isConnected;

    /// <summary>Peeking shows what is being handled too: work counts from the first message, reports only once they have waited.</summary>
    public async Task<long?> CountAsync(string queue, TimeSpan atLeastOld, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = _context.Client.CreateReceiver(queue);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            var first = await receiver.PeekMessageAsync(1, limit.Token);
            return first is not null && _context.Time.GetUtcNow() - first.EnqueuedTime >= atLeastOld ? 1 : 0;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RabbitMqLog.CannotCount(_context.Logger, queue, exception.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await _reports.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var before = _isConnected;
            try
            {
                await _reports.PeekMessageAsync(1, _stop.Token).WaitAsync(Patience, _context.Time, _stop.Token);
                _isConnected = true;
                if (!before)
                    _connected();
            }
            catch (Exception exception)
            {
                _isConnected = false;
                if (before)
                    RabbitMqLog.ConnectionLost(_context.Logger, "Service Bus", exception.Message);
            }

            await Task.Delay(Interval, _context.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
