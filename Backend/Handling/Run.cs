using AspireFeedback.Messaging;

namespace AspireFeedback.Backend.Handling;

/// <summary>One execution of one message by this process: who it is, until when it may work, and why it had to stop.</summary>
internal sealed class Run : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenRegistration _losing;
    private readonly long _limitAt = long.MaxValue;
    private readonly StopReason _limitReason;
    private Task _signaling = Task.CompletedTask;
    private bool _over;

    public Run(Guid id, HandlerRegistration registration, Delivery delivery, RunReporter reporter, TimeProvider time, CancellationToken lost)
    {
        (Id, Registration, Delivery, Reporter, Lost) = (id, registration, delivery, reporter, lost);
        var untilDeadline = delivery.Message.Deadline - time.GetUtcNow() ?? TimeSpan.MaxValue;
        var timeout = registration.Timeout ?? TimeSpan.MaxValue;
        DeadlinePassed = untilDeadline <= TimeSpan.Zero;
        _limitReason = untilDeadline <= timeout ? StopReason.Deadline : StopReason.Timeout;
        var limit = untilDeadline <= timeout ? untilDeadline : timeout;
        if (limit < TimeSpan.FromDays(365))
            _limitAt = time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency);
        _losing = lost.UnsafeRegister(static x => ((Run)x!).Stop(StopReason.Lost), this);
    }

    public Guid Id { get; }

    public HandlerRegistration Registration { get; }

    public Delivery Delivery { get; }

    public Message Message => Delivery.Message;

    public RunReporter Reporter { get; }

    /// <summary>The log numbers attempts from 1; a sender that says nothing means the first.</summary>
    public int Attempt => Math.Max(1, Message.Attempt);

    public int Hop => Math.Max(1, Message.Hop);

    /// <summary>When the run was made.</summary>
    public bool DeadlinePassed { get; }

    public CancellationToken Token => _stopping.Token;

    public StopReason Stopped { get; private set; }

    /// <summary>Fires when the delivery is lost; never once it is acknowledged.</summary>
    public CancellationToken Lost { get; private set; }

    public bool Acknowledged { get; private set; }

    public async Task AcknowledgeAsync()
    {
        await Delivery.AcknowledgeAsync();
        Acknowledged = true;
        await _losing.DisposeAsync();
        Lost = CancellationToken.None;
    }

    /// <summary>Fires the handler's token. Returns at once: what the handler hangs on its token runs elsewhere.</summary>
    public void Stop(StopReason reason)
    {
        lock (_gate)
        {
            if (_over || Stopped is not StopReason.None)
                return;
            Stopped = reason;
            _signaling = _stopping.CancelAsync();
        }
    }

    public void Tick(long now)
    {
        if (now >= _limitAt)
            Stop(_limitReason);
        Reporter.Tick(now);
    }

    /// <summary>The handler has returned: a reason to stop that comes from now on comes too late.</summary>
    public void End()
    {
        lock (_gate)
            _over = true;
    }

    /// <exception cref="AggregateException">What the handler had hung on its token threw.</exception>
    public async ValueTask DisposeAsync()
    {
        End();
        await _losing.DisposeAsync();
        await _signaling;
        _stopping.Dispose();
    }
}
