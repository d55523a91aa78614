using AspireFeedback.Messaging.RabbitMq;
using Backoff = AspireFeedback.Messaging.RabbitMq.Backoff;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>As <see cref="ControlSubscription"/>: the stream from its beginning, and a marker of one's own that tells where the past ends.</summary>
internal sealed class ControlTaking(
    TakingContext context, Func<Message, CancellationToken, Task> sendMarker, Func<Message, CancellationToken, Task> handle)
    : WolverineSubscription(context, Topology.ControlQueue, prefetch: 500, arguments: new Dictionary<string, object?> { ["x-stream-offset"] = "first" })
{
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Guid _marker = Guid.CreateVersion7();

    public override Task CaughtUp => _caughtUp.Task;

    protected override async Task ServeAsync(Taking taking, CancellationToken stop)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var marking = _caughtUp.Task.IsCompleted ? Task.CompletedTask : MarkAsync(done.Token);
        try
        {
            await foreach (var taken in taking.Inbox.ReadAllAsync(stop))
            {
                if (await ReadOrRefuseAsync(taken, deadLetter: false) is { } message)
                {
                    await HandleAsync(message, taking.Lost);
                    await taken.AcknowledgeAsync(); // of a stream this only asks for more
                }
            }
        }
        finally
        {
            await done.CancelAsync();
            await marking;
        }
    }

    private async Task HandleAsync(Message message, CancellationToken lost)
    {
        if (message.Type == ControlSubscription.MarkerType)
        {
            if (message.MessageId == _marker)
                _caughtUp.TrySetResult();
            return;
        }

        try
        {
            await handle(message, lost);
        }
        catch (Exception exception) when (!lost.IsCancellationRequested)
        {
            MessagingTelemetry.CountHandlerFailure(Queue);
            RabbitMqLog.ControlHandlerFailed(Context.Logger, exception, Queue, message.RequestId);
        }
    }

    private async Task MarkAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), Context.Options.MaxReconnectBackoff, Context.Time);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await sendMarker(new(_marker, _marker, ControlSubscription.MarkerType, "{}"u8.ToArray()), cancellationToken);
                return;
            }
            catch (Exception e) when (e is TransportUnavailableException or OperationCanceledException)
            {
                await backoff.DelayAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
