using System.Diagnostics;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;

namespace AspireFeedback.Backend.Handling;

/// <summary>
/// Sends what one run has to say, one message at a time, so that a slow broker means fewer and fuller messages. Before the end it sends when
/// <see cref="Tick"/> finds something due; the outcome goes out at once, with everything that was not sent before it.
/// </summary>
internal sealed partial class RunReporter
{
    private readonly ITransport _transport;
    private readonly Message _template;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _betweenHeartbeats;
    private readonly Activity? _activity = Activity.Current;
    private readonly Lock _gate = new();
    private Task _sending = Task.CompletedTask;
    private long _reportAt;
    private long _heartbeatAt;
    private int _failures;
    private bool _closed;
    private CancellationToken _lost;

    // The template carries the properties that every report of the run has. Once the delivery is lost, nothing needs to be sent any more.
    public RunReporter(
        ITransport transport, Message template, ReportBuffer buffer, TimeSpan lease, TimeProvider time, ILogger logger, CancellationToken lost)
    {
        (_transport, _template, Buffer, _time, _logger, _lost) = (transport, template, buffer, time, logger, lost);
        _betweenHeartbeats = lease / 3;
        var now = time.GetTimestamp();
        _reportAt = now + Ticks(Pace.HoldStarted - Pace.Tick); // the tick after this one would be too late
        _heartbeatAt = now + Ticks(_betweenHeartbeats);
    }

    public ReportBuffer Buffer { get; }

    /// <summary>Called by the one timer of all runs.</summary>
    public void Tick(long now)
    {
        lock (_gate)
        {
            if (_closed || !_sending.IsCompletedSuccessfully)
                return;
            if (now >= _heartbeatAt)
            {
                _heartbeatAt = now + Ticks(_betweenHeartbeats);
                _sending = SendHeartbeatAsync();
            }
            else if (now >= _reportAt && !Buffer.IsEmpty)
            {
                _reportAt = now + Ticks(Pace.BetweenReports);
                _sending = SendWaitingAsync();
            }
        }
    }

    /// <summary>The message is acknowledged before the run ends: losing its connection says nothing any more.</summary>
    public void OutliveDelivery() => _lost = CancellationToken.None;

    /// <summary>Sends what is there. True when it is confirmed.</summary>
    public async Task<bool> FlushAsync(CancellationToken giveUp)
    {
        await StopTickingAsync();
        var confirmed = await SendUntilConfirmedAsync(null, giveUp);
        lock (_gate)
            _closed = false;
        return confirmed;
    }

    /// <summary>Sends the rest and the outcome. True when all is confirmed; false when the message is lost or <paramref name="giveUp"/> has fired.</summary>
    public async Task<bool> FinishAsync(RunOutcome outcome, CancellationToken giveUp)
    {
        Buffer.Close();
        await StopTickingAsync();
        return await SendUntilConfirmedAsync(outcome, giveUp);
    }

    /// <summary>Sends nothing more; the run ends without an outcome.</summary>
    public Task AbandonAsync()
    {
        Buffer.Close();
        return StopTickingAsync();
    }

    private async Task StopTickingAsync()
    {
        lock (_gate)
            _closed = true;
        await _sending;
    }

    private async Task<bool> SendUntilConfirmedAsync(RunOutcome? outcome, CancellationToken giveUp)
    {
        for (var sent = false; !sent;)
        {
            var report = Buffer.Take(outcome);
            if (await TrySendAsync(report))
                sent = ReferenceEquals(report.Outcome, outcome);
            else if (!await Pace.WaitAfterFailureAsync(_failures, _time, _lost, giveUp))
                return false;
        }
        return true;
    }

    private async Task SendWaitingAsync()
    {
        await Task.Yield(); // leaves the caller's lock
        Activity.Current = _activity;
        if (!await TrySendAsync(Buffer.Take()))
            _reportAt = _time.GetTimestamp() + Ticks(Pace.AfterFailure(_failures));
    }

    private async Task SendHeartbeatAsync()
    {
        await Task.Yield();
        try
        {
            await _transport.SendReportAsync(_template.Reply(MessageTypes.Heartbeat, ReportBody.Empty), _lost);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            // The next one is due soon enough.
        }
    }

    private async Task<bool> TrySendAsync(RunReport report)
    {
        try
        {
            await _transport.SendReportAsync(_template.Reply(MessageTypes.Report, ReportBody.Of(report)), _lost);
            _failures = 0;
            if (report is { Started.Endpoint: var kind, Outcome: null }) // of a quick run only the end is logged
                LogStarted(kind, _template.RequestId, _template.Attempt, _template.Run);
            return true;
        }
        catch (Exception exception) when (IsAway(exception))
        {
            _failures++;
            Buffer.PutBack(report);
            return false;
        }
    }

    [LoggerMessage(4005, LogLevel.Debug, "{Kind} runs: request {RequestId} attempt {Attempt} run {Run}")]
    private partial void LogStarted(string kind, Guid requestId, int attempt, Guid? run);

    private bool IsAway(Exception exception) =>
        exception is TransportUnavailableException || (exception is OperationCanceledException && _lost.IsCancellationRequested);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
