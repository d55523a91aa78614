using AspireFeedback.Messaging.RabbitMq;
using Azure.Messaging.ServiceBus;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>
/// Reads control as a stream: every process looks through the one subscription <see cref="Past"/> of the topic without taking anything from it, from its
/// beginning and then for what is new. Messages leave it when their day is over.
/// </summary>
internal sealed class ControlReader(ServiceBusContext context, Func<Message, CancellationToken, Task> handle) : ISubscription
{
    public const string Past = "past";

    private const int Page = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ServiceBusReceiver _receiver = context.Client.CreateReceiver(Topology.Control, Past);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _run = Task.CompletedTask;
    private int _disposed;

    public Task CaughtUp => _caughtUp.Task;

    public ControlReader Start()
    {
        using (ExecutionContext.SuppressFlow())
            _run = Task.Run(RunAsync);
        return this;
    }

    public Task StopTakingAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync();
        await _run;
        await _receiver.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var next = 1L;
        var backoff = new Backoff(Interval, context.Options.MaxReconnectBackoff, context.Time);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var page = await _receiver.PeekMessagesAsync(Page, next, _stop.Token);
                foreach (var received in page)
                {
                    next = received.SequenceNumber + 1;
                    if (ServiceBusMapper.Read(received, checkBody: true, out var fault) is { } message)
                        await HandleAsync(message);
                    else
                        MessagingTelemetry.CountMalformed(Topology.Control, fault!);
                }

                if (page.Count == 0)
                {
                    _caughtUp.TrySetResult();
                    await Task.Delay(Interval, context.Time, _stop.Token);
                }

                backoff.Reset();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                RabbitMqLog.ConsumingLost(context.Logger, Topology.Control, exception.Message);
                await backoff.DelayAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandleAsync(Message message)
    {
        try
        {
            await handle(message, _stop.Token);
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            // Waiting here would keep every later one from being heard.
            MessagingTelemetry.CountHandlerFailure(Topology.Control);
            RabbitMqLog.ControlHandlerFailed(context.Logger, exception, Topology.Control, message.RequestId);
        }
    }
}
