using System.Collections.Concurrent;
using AspireFeedback.Messaging.RabbitMq;
using Microsoft.Extensions.Logging;
using Backoff = AspireFeedback.Messaging.RabbitMq.Backoff;

namespace AspireFeedback.Messaging.Wolverine;

/// <param name="LinkAsync">The link as soon as there is one.</param>
internal sealed record TakingContext(
    Func<CancellationToken, Task<WolverineLink>> LinkAsync, RabbitMqOptions Options, TimeProvider Time, ILogger Logger, Action<WolverineSubscription> Ended);

/// <summary>
/// Takes from a queue for as long as it lives, by a listener that is renewed after whatever ended it. One that ends while its deliveries are still worked
/// on keeps their places, and the next one begins with the others.
/// </summary>
internal abstract class WolverineSubscription(
    TakingContext context, string queue, ushort prefetch, int places = 1, IReadOnlyDictionary<string, object?>? arguments = null) : ISubscription
{
    private readonly CancellationTokenSource _stopTaking = new();
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _disposing = new();
    private readonly ConcurrentDictionary<Taking, bool> _takings = new();
    private volatile TaskCompletionSource? _pause;
    private Task _run = Task.CompletedTask;
    private Task? _disposal;

    public virtual Task CaughtUp => Task.CompletedTask;

    protected TakingContext Context => context;

    protected string Queue => queue;

    protected Places Places { get; } = new(places);

    public void Start()
    {
        using (ExecutionContext.SuppressFlow())
            _run = Task.Run(RunAsync);
    }

    public Task PauseAsync(CancellationToken cancellationToken)
    {
        _pause ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        return Task.WhenAll(_takings.Keys.Select(taking => taking.StopAsync())).WaitAsync(cancellationToken);
    }

    public Task ResumeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _pause, null)?.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StopTakingAsync(CancellationToken cancellationToken) => _stopTaking.CancelAsync();

    public ValueTask DisposeAsync()
    {
        lock (_disposing)
            return new(_disposal ??= DisposeOnceAsync());
    }

    /// <summary>Handles what comes until <paramref name="stop"/> fires, or returns earlier to give back what it has not settled and begin anew.</summary>
    /// <param name="stop">The taking is to end, or its connection is gone.</param>
    protected abstract Task ServeAsync(Taking taking, CancellationToken stop);

    /// <summary>Reads a message, or settles the delivery as no message of the protocol.</summary>
    protected async Task<Message?> ReadOrRefuseAsync(Taken taken, bool deadLetter, bool checkBody = true)
    {
        var fault = "a body that is too large";
        var received = taken.Received;
        if (received.Body is { } body && body.Length <= Context.Options.MaxBodyBytes && Envelope.TryRead(received.Properties, body, out var message, out fault, checkBody))
        {
            MessagingTelemetry.CountReceived(queue);
            return message;
        }

        MessagingTelemetry.CountMalformed(queue, fault!);
        RabbitMqLog.Malformed(Context.Logger, queue, fault!, deadLetter ? "dead-lettered" : "dropped");
        await (deadLetter ? taken.DeadLetterAsync() : taken.AcknowledgeAsync());
        return null;
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), Context.Options.MaxReconnectBackoff, Context.Time);
        var serving = new List<Task>();
        while (!_stopTaking.IsCancellationRequested)
        {
            var free = 0;
            try
            {
                if (_pause is { } pause)
                    await pause.Task.WaitAsync(_stopTaking.Token);
                free = await Places.TakeAsync(_stopTaking.Token);
                var link = await Context.LinkAsync(_stopTaking.Token);
                if (_pause is null)
                {
                    free += Places.TakeRest();
                    var taking = await Taking.OpenAsync(link, queue, places > 1 ? (ushort)Math.Min(free, ushort.MaxValue) : prefetch, free, arguments);
                    free = 0; // they are the taking's
                    serving.RemoveAll(task => task.IsCompleted);
                    serving.Add(TakeAsync(taking, backoff));
                }
            }
            catch (OperationCanceledException) when (_stopTaking.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                await WaitAfterAsync(exception, backoff);
            }

            Places.Free(free);
        }

        await Task.WhenAll(serving);
    }

    private async Task TakeAsync(Taking taking, Backoff backoff)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopTaking.Token, taking.Lost);
        _takings.TryAdd(taking, true);
        try
        {
            await using (taking)
            {
                if (_pause is not null)
                    await taking.StopAsync(); // paused while it was being opened
                await Task.WhenAny(ServeUntilStoppedAsync(taking, stop.Token), _abandoned.Task).Unwrap();
            }

            backoff.Reset();
        }
        catch (Exception exception)
        {
            await WaitAfterAsync(exception, backoff);
        }
        finally
        {
            _takings.TryRemove(taking, out _);
            Places.Free(taking.LeaveAll());
        }
    }

    private async Task WaitAfterAsync(Exception exception, Backoff backoff)
    {
        RabbitMqLog.ConsumingLost(Context.Logger, queue, exception.GetBaseException().Message);
        await backoff.DelayAsync(_stopTaking.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeUntilStoppedAsync(Taking taking, CancellationToken stop)
    {
        try
        {
            await ServeAsync(taking, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was taken and not begun goes back with the listener.
        }
    }

    private async Task DisposeOnceAsync()
    {
        await _stopTaking.CancelAsync();
        try
        {
            await _run.WaitAsync(Context.Options.DrainTimeout, Context.Time);
        }
        catch (TimeoutException)
        {
            RabbitMqLog.DrainTimedOut(Context.Logger, queue, Context.Options.DrainTimeout);
            _abandoned.TrySetResult();
            await _run;
        }

        Context.Ended(this);
        _stopTaking.Dispose();
    }
}
