using System.Diagnostics;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;

namespace AspireFeedback.Backend.Handling;

/// <summary>Makes a run of each message: begins it, tells Web, and settles the message when what was to be told is confirmed.</summary>
internal sealed partial class Runner(
    ITransport transport,
    NextHop nextHop,
    IServiceScopeFactory scopes,
    ActiveRuns runs,
    Solitude solitude,
    RequestFiles files,
    RunTelemetry telemetry,
    TimeProvider time,
    ILogger<Runner> logger) : IDisposable
{
    private static readonly string _worker = $"{Environment.MachineName}/{Environment.ProcessId}";
    private readonly CancellationTokenSource _givingUp = new();

    /// <summary>Takes a message to its end. The token fires when the delivery is lost with its connection.</summary>
    public async Task HandleAsync(HandlerRegistration registration, Delivery delivery, CancellationToken lost)
    {
        var message = delivery.Message;
        if (message.Type != MessageTypes.Work || message.RequestId == Guid.Empty)
        {
            LogForeign(registration.Kind.Name, message.Type, message.MessageId);
            telemetry.Refused($"requests.{registration.Kind.Name}", "no-work");
            await delivery.DeadLetterAsync();
        }
        else if (message.Alone)
        {
            await solitude.RunAsync(registration.Kind, delivery, () => RunAsync(registration, delivery, lost), lost);
        }
        else
        {
            await RunAsync(registration, delivery, lost);
        }
    }

    /// <summary>Stops every run, and every wait for a broker that is away.</summary>
    public void GiveUp()
    {
        _givingUp.Cancel();
        runs.StopAll(StopReason.Shutdown);
    }

    public void Dispose() => _givingUp.Dispose();

    private async Task RunAsync(HandlerRegistration registration, Delivery delivery, CancellationToken lost)
    {
        var (kind, message) = (registration.Kind, delivery.Message);
        var id = Guid.CreateVersion7();
        using var activity = telemetry.Start(kind.Name, message, id);
        using var scope = _runScope(logger, message.RequestId, message.Attempt, id);
        var template = message with
        {
            Run = id,
            Files = null, // the capability stays with the worker
            Alone = false, // what comes after it is another's work
            TraceParent = activity?.Id ?? message.TraceParent,
            TraceState = activity is null ? message.TraceState : activity.TraceStateString,
        };
        var reporter = new RunReporter(transport, template, new(_worker), kind.Policy.Lease, time, logger, lost);
        var run = new Run(id, registration, delivery, reporter, time, lost);
        var began = time.GetTimestamp();
        var ending = default(RunEnding?);
        telemetry.Begun(kind.Name);
        try
        {
            var refused = runs.Enter(run);
            ending = refused is StopReason.None ? await WorkAsync(run) : RunEnding.NotStarted(refused);
            ending = await SettleAsync(run, ending.Value, template);
        }
        finally
        {
            runs.Leave(run);
            var took = time.GetElapsedTime(began);
            var outcome = ending?.Name ?? "errored";
            telemetry.Ended(kind.Name, outcome, took);
            activity?.SetTag("feedback.outcome", outcome);
            if (ending?.Outcome is RunFailed failed)
            {
                MarkFailed(activity, failed.Error);
                LogFailed(kind.Name, took.TotalMilliseconds, failed.Error.Type);
            }
            else
            {
                LogEnded(kind.Name, outcome, took.TotalMilliseconds);
            }
            await DisposeAsync(run);
        }
    }

    private async Task<RunEnding> WorkAsync(Run run)
    {
        if (run.DeadlinePassed)
            return RunEnding.NotStarted(StopReason.Deadline);
        var (kind, reporter) = (run.Registration.Kind, run.Reporter);
        reporter.Buffer.Start(new(kind.Name, run.Delivery.Redelivered, run.Delivery.EarlierDeliveries));
        try
        {
            var body = WorkReader.ReadBody(run.Message.Body);
            var payload = run.Registration.ReadPayload(body.Payload);
            // Of what may kill this process the log must know that it had begun: only then its death tells who is to blame.
            if ((kind.Policy.LongRunning || run.Message.Alone) && !await reporter.FlushAsync(_givingUp.Token))
                return RunEnding.NotConfirmed(run.Lost);
            if (kind.Policy.LongRunning)
            {
                await run.AcknowledgeAsync();
                reporter.OutliveDelivery();
            }
            await using var scope = scopes.CreateAsyncScope();
            var context = new RunContext(run, body, files);
            var result = await run.Registration.HandleAsync(payload, scope.ServiceProvider, context, run.Token);
            run.End();
            return RunEnding.Succeeded(new(result), run.Stopped);
        }
        catch (Exception exception) // whatever a handler throws ends its run, not the process
        {
            run.End();
            if (run.Stopped is StopReason.None && exception is not (ProblemException or RunEndedException))
            {
                LogHandlerThrew(exception, kind.Name);
                Activity.Current?.AddException(exception).SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            }
            return RunEnding.Of(exception, run);
        }
    }

    private async Task<RunEnding> SettleAsync(Run run, RunEnding ending, Message template)
    {
        var outcome = ending.Outcome switch
        {
            RunForwarded next => await nextHop.SendAsync(run, template, next, _givingUp.Token),
            RunFailed { Error.TraceId: null } failed => failed with { Error = failed.Error with { TraceId = TraceIdOf(template) } },
            var other => other,
        };
        if (outcome is null)
            await run.Reporter.AbandonAsync();
        if (ending.Outcome is not null && (outcome is null || !await run.Reporter.FinishAsync(outcome, _givingUp.Token)))
            ending = RunEnding.NotConfirmed(run.Lost);
        if (run.Acknowledged || ending.Settlement is Settlement.Leave)
            return ending;
        await (ending.Settlement is Settlement.Return ? run.Delivery.ReturnAsync() : run.Delivery.AcknowledgeAsync());
        return ending with { Outcome = outcome };
    }

    /// <summary>Whoever looks for errors among the traces finds the run, also one whose handler said by itself what is wrong.</summary>
    private static void MarkFailed(Activity? span, Problem error)
    {
        span?.SetTag("error.type", error.Type);
        if (span?.Status is ActivityStatusCode.Unset)
            span.SetStatus(ActivityStatusCode.Error, error.Title);
    }

    private async Task DisposeAsync(Run run)
    {
        try
        {
            await run.DisposeAsync();
        }
        catch (AggregateException exception)
        {
            LogTokenCallbackThrew(exception, run.Registration.Kind.Name);
        }
    }

    private static string? TraceIdOf(Message template) =>
        ActivityContext.TryParse(template.TraceParent, null, out var context) ? context.TraceId.ToHexString() : null;

    private static readonly Func<ILogger, Guid, int, Guid, IDisposable?> _runScope =
        LoggerMessage.DefineScope<Guid, int, Guid>("request {RequestId} attempt {Attempt} run {Run}");

    [LoggerMessage(4001, LogLevel.Warning, "A message in the queue of {Kind} is no work of ours and goes to the dead letters: type {Type}, id {MessageId}.")]
    private partial void LogForeign(string kind, string type, Guid messageId);

    [LoggerMessage(4002, LogLevel.Debug, "{Kind} {Outcome} after {Milliseconds:0} ms")]
    private partial void LogEnded(string kind, string outcome, double milliseconds);

    [LoggerMessage(4006, LogLevel.Information, "{Kind} failed after {Milliseconds:0} ms: {Problem}")]
    private partial void LogFailed(string kind, double milliseconds, string problem);

    [LoggerMessage(4003, LogLevel.Error, "The handler of {Kind} threw.")]
    private partial void LogHandlerThrew(Exception exception, string kind);

    [LoggerMessage(4004, LogLevel.Error, "A callback that the handler of {Kind} had registered on its token threw.")]
    private partial void LogTokenCallbackThrew(Exception exception, string kind);
}
