using AspireFeedback.Contracts;
using AspireFeedback.Messaging;

namespace AspireFeedback.Backend.Handling;

/// <summary>
/// Runs what is to be run alone: work whose worker has died again and again, together with whatever else that worker had. It begins when nothing else
/// runs in this process, and nothing else is taken until it has ended. So what kills dies alone, and its neighbours end in peace.
/// </summary>
internal sealed partial class Solitude(ITransport transport, ActiveRuns runs, TimeProvider time, ILogger<Solitude> logger) : IDisposable
{
    /// <summary>How long to wait for what runs, and for one's turn. The broker lets nobody hold a message for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _switching = new(1);
    private readonly CancellationTokenSource _ended = new();
    private int _claims;
    private bool _isOpen = true;

    /// <summary>Takes work from the broker, or none.</summary>
    public Func<bool, Task> Switched { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs it when its turn has come; gives the message away if that takes too long.</summary>
    /// <param name="kind">Whose queue it came from.</param>
    /// <param name="delivery">Settled here or by <paramref name="run"/>, unless it is lost.</param>
    /// <param name="run">The whole run.</param>
    /// <param name="lost">Fires when the delivery is lost with its connection.</param>
    public async Task RunAsync(Kind kind, Delivery delivery, Func<Task> run, CancellationToken lost)
    {
        Interlocked.Increment(ref _claims);
        var hasTurn = false;
        try
        {
            await SwitchAsync();
            hasTurn = await WaitAsync(_turn.WaitAsync, lost);
            if (hasTurn && !await WaitAsync(runs.WhenEmptyAsync().WaitAsync, lost) && !lost.IsCancellationRequested && !_ended.IsCancellationRequested)
                LogBesideOthers(Patience, runs.Count);
            if (lost.IsCancellationRequested)
                return;
            if (_ended.IsCancellationRequested)
                await delivery.ReturnAsync();
            else if (hasTurn)
                await run();
            else
                await SendToTheEndAsync(kind, delivery, lost);
        }
        finally
        {
            if (hasTurn)
                _turn.Release();
            Interlocked.Decrement(ref _claims);
            await SwitchAsync();
        }
    }

    /// <summary>Nobody waits here any more, and nothing is switched any more once this completes.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _switching.WaitAsync();
        _switching.Release();
    }

    public void Dispose() => _ended.Dispose(); // the semaphores own nothing, and runs may outlast the host

    private async Task<bool> WaitAsync(Func<CancellationToken, Task> wait, CancellationToken lost)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lost, limit.Token, _ended.Token);
        try
        {
            await wait(end.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>As a new message of the same attempt: given back, it would come nearer to being given up each time that it has waited.</summary>
    private async Task SendToTheEndAsync(Kind kind, Delivery delivery, CancellationToken lost)
    {
        try
        {
            if ((await transport.SendWorkAsync([new(kind.Name, delivery.Message)], lost))[0] is SendOutcome.Confirmed)
            {
                await delivery.AcknowledgeAsync();
                return;
            }
        }
        catch (Exception exception) when (exception is TransportUnavailableException or OperationCanceledException)
        {
            // As after any other outcome.
        }
        await delivery.ReturnAsync();
    }

    /// <summary>One switch at a time, each to what is wanted by then.</summary>
    private async Task SwitchAsync()
    {
        await _switching.WaitAsync();
        try
        {
            var isOpen = Volatile.Read(ref _claims) == 0;
            if (isOpen == _isOpen || _ended.IsCancellationRequested)
                return;
            LogSwitched(isOpen ? "again" : "nothing else, for there is some to be run alone");
            await Switched(_isOpen = isOpen);
        }
        finally
        {
            _switching.Release();
        }
    }

    [LoggerMessage(4040, LogLevel.Information, "Taking work: {What}.")]
    private partial void LogSwitched(string what);

    [LoggerMessage(4041, LogLevel.Warning, "After {Patience} {Runs} still run: what is to be run alone begins beside them.")]
    private partial void LogBesideOthers(TimeSpan patience, int runs);
}
