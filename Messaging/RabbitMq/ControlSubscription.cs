namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// Reads the stream from its beginning on every new channel. Control messages may be told twice, and an offset to go on from would mean
/// nothing to a broker that lost its data meanwhile. Where the past ends is told by a marker that this reader sends itself: everything
/// confirmed before the marker stands before it, also in an empty stream.
/// </summary>
internal sealed class ControlSubscription(
    SubscriptionContext context, Func<Message, CancellationToken, Task> sendMarker, Func<Message, CancellationToken, Task> handle)
    : Subscription(context, new(Topology.ControlQueue, Prefetch: 500, Arguments: new Dictionary<string, object?> { ["x-stream-offset"] = "first" }))
{
    /// <summary>Of no interest to anybody but the reader that sent it.</summary>
    public const string MarkerType = "marker";

    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Guid _marker = Guid.CreateVersion7();

    public override Task CaughtUp => _caughtUp.Task;

    protected override async Task PumpAsync(ConsumerChannel channel, CancellationToken stopTaking)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopTaking, channel.Lost);
        var marking = _caughtUp.Task.IsCompleted ? Task.CompletedTask : MarkAsync(stop.Token);
        try
        {
            await foreach (var received in channel.Inbox.ReadAllAsync(stop.Token))
            {
                if (ReadOrRefuse(channel, received, SettleAs.Done) is { } message)
                {
                    await HandleAsync(message, channel.Lost);
                    channel.Settle(received.Tag, SettleAs.Done); // of a stream this only asks for more
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        await stop.CancelAsync();
        await marking;
    }

    private async Task HandleAsync(Message message, CancellationToken lost)
    {
        if (message.Type == MarkerType)
        {
            if (message.MessageId == _marker)
            {
                _caughtUp.TrySetResult();
            }

            return;
        }

        try
        {
            await handle(message, lost);
        }
        catch (Exception exception) when (!lost.IsCancellationRequested)
        {
            // A stream cannot take a message back, and waiting here would keep every later one from being heard.
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
                await sendMarker(new(_marker, _marker, MarkerType, "{}"u8.ToArray()), cancellationToken);
                return;
            }
            catch (TransportUnavailableException)
            {
                await backoff.DelayAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
