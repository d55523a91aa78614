using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Backend.Handling;

/// <summary>
/// What this process takes from the broker, in order: first the orders to stop from before its start, then work. On the way down it takes
/// nothing new, lets runs end for a while, and gives the rest back.
/// </summary>
internal sealed partial class Intake(
    ITransport transport,
    IEnumerable<HandlerRegistration> registrations,
    Runner runner,
    ActiveRuns runs,
    Solitude solitude,
    RunTelemetry telemetry,
    IOptions<HandlingOptions> options,
    TimeProvider time,
    ILogger<Intake> logger) : BackgroundService
{
    private static readonly TimeSpan _lastWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _switchLimit = TimeSpan.FromSeconds(5);
    private readonly List<ISubscription> _work = [];
    private readonly TaskCompletionSource _taking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ISubscription? _control;

    /// <summary>Every kind is subscribed to.</summary>
    public bool IsTaking { get; private set; }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        IsTaking = false;
        await EndsWithinAsync(solitude.EndAsync(), _lastWait, cancellationToken); // or it might begin to take again
        // First of all: what is given back while this process still takes would come again at once, and be given up after a few times.
        await Task.WhenAll(_work.Select(x => x.StopTakingAsync(cancellationToken)));
        var drained = runs.DrainAsync();
        if (!await EndsWithinAsync(drained, options.Value.ShutdownGrace, cancellationToken))
        {
            LogGraceOver(runs.Count);
            runner.GiveUp();
            await EndsWithinAsync(drained, _lastWait, cancellationToken);
        }
        // A handler that heeds no token must not hold up the process either: its message goes back when the connection closes.
        var subscriptions = _control is null ? _work : [.. _work, _control];
        await EndsWithinAsync(Task.WhenAll(subscriptions.Select(x => x.DisposeAsync().AsTask())), _lastWait, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        solitude.Switched = SwitchAsync;
        _control = await transport.ReceiveControlAsync(TakeControlAsync, stoppingToken);
        await WaitUntilConnectedAsync(stoppingToken);
        try
        {
            await _control.CaughtUp.WaitAsync(options.Value.ControlCatchUp, time, stoppingToken);
        }
        catch (TimeoutException)
        {
            LogNotCaughtUp(options.Value.ControlCatchUp);
        }
        foreach (var registration in registrations.Where(x => options.Value.KindNames?.Contains(x.Kind.Name) is not false))
        {
            _work.Add(await transport.ReceiveWorkAsync(
                registration.Kind.Name, registration.Concurrency, (delivery, lost) => runner.HandleAsync(registration, delivery, lost), stoppingToken));
            LogTaking(registration.Kind.Name, registration.Concurrency);
            if (registration.Kind.Policy is { LongRunning: true, Takeover: false })
                LogNobodyTakesOver(registration.Kind.Name);
        }
        IsTaking = true;
        _taking.TrySetResult();
    }

    private async Task SwitchAsync(bool on)
    {
        try
        {
            await _taking.Task.WaitAsync(_switchLimit, time); // all that there is to switch
            await Task.WhenAll(_work.Select(x => on ? x.ResumeAsync(CancellationToken.None) : x.PauseAsync(CancellationToken.None))).WaitAsync(_switchLimit, time);
        }
#pragma warning disable CA1031 // A channel that is lost meanwhile takes its consumers with it, and the next one begins as it should.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotSwitched(exception);
        }
    }

    private Task TakeControlAsync(Message message, CancellationToken cancellationToken)
    {
        if (message.Type != MessageTypes.Stop)
            return Task.CompletedTask;
        try
        {
            var order = JsonSerializer.Deserialize<StopWork>(message.Body.Span, FeedbackJson.Options);
            if (order?.Reason is null)
                Refuse(message, null);
            else if (runs.Stop(message.RequestId, order) is > 0 and var stopped)
                LogStopping(message.RequestId, order.Reason, stopped);
        }
        catch (JsonException exception)
        {
            Refuse(message, exception);
        }
        return Task.CompletedTask;
    }

    private void Refuse(Message message, JsonException? exception)
    {
        LogUnreadableOrder(exception, message.RequestId);
        telemetry.Refused("control", "unreadable");
    }

    // Without a broker there is no work either; the time for catching up begins with the connection.
    private async Task WaitUntilConnectedAsync(CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Connected() => connected.TrySetResult();
        transport.Connected += Connected;
        try
        {
            if (!transport.IsConnected)
                await connected.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            transport.Connected -= Connected;
        }
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(4010, LogLevel.Information, "Taking {Kind}, up to {Concurrency} at a time.")]
    private partial void LogTaking(string kind, int concurrency);

    [LoggerMessage(4011, LogLevel.Warning, "The past of the control stream was not read within {Limit}: taking work without it. A cancel from before this start may go unnoticed.")]
    private partial void LogNotCaughtUp(TimeSpan limit);

    [LoggerMessage(4012, LogLevel.Information, "Stopping request {RequestId}: {Reason}, {Runs} running here.")]
    private partial void LogStopping(Guid requestId, string reason, int runs);

    [LoggerMessage(4013, LogLevel.Warning, "An order to stop request {RequestId} cannot be read and is ignored.")]
    private partial void LogUnreadableOrder(Exception? exception, Guid requestId);

    [LoggerMessage(4016, LogLevel.Warning, "{Kind} is long-running without takeover: a run whose worker dies stays stalled until it is canceled or its deadline passes.")]
    private partial void LogNobodyTakesOver(string kind);

    [LoggerMessage(4015, LogLevel.Warning, "Taking work could not be paused or resumed everywhere.")]
    private partial void LogNotSwitched(Exception exception);

    [LoggerMessage(4014, LogLevel.Warning, "Still running when the grace period ended: {Runs}. Their messages go back to the queue.")]
    private partial void LogGraceOver(int runs);
}
