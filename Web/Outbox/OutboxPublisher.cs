using System.Threading.Channels;
using AspireFeedback.Messaging;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Outbox;

/// <summary>
/// Sends what the log wants sent. What this instance has just committed goes out at once from memory; what nobody sent in time (a crash, an
/// outage, a later attempt) is claimed from the table by whichever instance looks first. A row leaves the table when the broker has confirmed.
/// </summary>
internal sealed partial class OutboxPublisher(IRequestLog log, ITransport transport, OutgoingMessages messages, TimeProvider time, ILogger<OutboxPublisher> logger) : BackgroundService
{
    private const int MaxBatch = 512;
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(10);
    /// <summary>Below the claim, so that a slow broker does not make two instances send the same.</summary>
    public static TimeSpan SendLimit { get; } = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan CompanyForDeletes = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Failed = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Unroutable = TimeSpan.FromSeconds(5);

    private readonly FreshMessages _fresh = new(time, Claim - SendLimit);
    private readonly Channel<long> _confirmed = Channel.CreateUnbounded<long>(new() { SingleReader = true });
    private readonly SemaphoreSlim _sweep = new(0, 1);

    /// <summary>Sends this now, if there is room and a broker that takes it; otherwise its claim runs out and a sweep takes it.</summary>
    public void Send(Outgoing outgoing)
    {
        if (transport.IsConnected && !transport.IsBlocked)
            _fresh.TryAdd(outgoing);
    }

    /// <summary>Something has become due in the table.</summary>
    public void Wake()
    {
        try
        {
            _sweep.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody has woken it already.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        transport.Connected += Wake;
        try
        {
            await Task.WhenAll(SendFreshAsync(stoppingToken), SweepAsync(stoppingToken), CompleteAsync(stoppingToken));
        }
        finally
        {
            transport.Connected -= Wake;
        }
    }

    private async Task SendFreshAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Outgoing>(MaxBatch);
        while (await _fresh.WaitAsync(cancellationToken))
        {
            _fresh.TakeInto(batch, MaxBatch);
            try
            {
                if (batch.Count > 0)
                    await SendAsync(batch, cancellationToken);
            }
#pragma warning disable CA1031 // As in the sweep, which sends what is left.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailure(e);
            }

            batch.Clear();
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await _sweep.WaitAsync(SweepInterval, cancellationToken);
            try
            {
                while (transport.IsConnected)
                {
                    var due = await log.ClaimDueAsync(MaxBatch, Claim, cancellationToken);
                    if (due.Count > 0)
                        await SendAsync(due, cancellationToken);
                    if (due.Count < MaxBatch)
                        break;
                }
            }
            catch (LogUnavailableException e)
            {
                LogOutage(e.Message);
            }
#pragma warning disable CA1031 // A message that cannot be made must not stop this process, nor the others that claim it next.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailure(e);
            }
        }
    }

    private async Task SendAsync(IReadOnlyList<Outgoing> batch, CancellationToken cancellationToken)
    {
        try
        {
            var outcomes = await transport.SendWorkAsync(
                [.. batch.Where(item => item.Type is OutgoingType.Work).Select(item => new WorkToSend(item.Kind, messages.Of(item)))], cancellationToken);
            var stops = await Task.WhenAll(batch.Where(item => item.Type is OutgoingType.Stop).Select(item => SendStopAsync(item, cancellationToken)));
            var settled = batch.OrderBy(item => item.Type).Zip(outcomes.Concat(stops)).ToLookup(pair => pair.Second, pair => pair.First.Id);
            foreach (var id in settled[SendOutcome.Confirmed])
                _confirmed.Writer.TryWrite(id);
            await PostponeAsync([.. settled[SendOutcome.Failed]], Failed, cancellationToken);
            await PostponeAsync([.. settled[SendOutcome.Unroutable]], Unroutable, cancellationToken);
        }
        catch (LogUnavailableException e)
        {
            // The rows stay; they are sent again after their claim, and a second dispatch of an attempt decides nothing.
            LogOutage(e.Message);
        }
    }

    /// <summary>Beside the sending, which need not wait for it: a row that is left over is sent again after its claim.</summary>
    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var ids = new List<long>(MaxBatch);
        while (await _confirmed.Reader.WaitToReadAsync(cancellationToken))
        {
            // Nobody waits for it, so company is worth a moment.
            await Task.Delay(CompanyForDeletes, cancellationToken);
            while (ids.Count < MaxBatch && _confirmed.Reader.TryRead(out var id))
                ids.Add(id);
            try
            {
                await log.CompleteAsync(ids, cancellationToken);
            }
            catch (LogUnavailableException e)
            {
                LogOutage(e.Message);
            }
#pragma warning disable CA1031 // As in the sweep: the rows stay, and are sent again.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailure(e);
            }

            ids.Clear();
        }
    }

    private async Task<SendOutcome> SendStopAsync(Outgoing stop, CancellationToken cancellationToken)
    {
        try
        {
            await transport.SendControlAsync(messages.Of(stop), cancellationToken);
            return SendOutcome.Confirmed;
        }
        catch (TransportUnavailableException)
        {
            return SendOutcome.Failed;
        }
    }

    private async Task PostponeAsync(long[] ids, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
            return;
        LogPostponed(ids.Length, delay);
        await log.PostponeAsync(ids, delay, cancellationToken);
    }

    [LoggerMessage(1101, LogLevel.Warning, "The outbox waits for PostgreSQL: {Reason}")]
    private partial void LogOutage(string reason);

    [LoggerMessage(1103, LogLevel.Error, "Messages of the outbox could not be sent; they come again when their claim has run out")]
    private partial void LogFailure(Exception e);

    [LoggerMessage(1102, LogLevel.Warning, "{Count} messages could not be sent; again in {Delay}")]
    private partial void LogPostponed(int count, TimeSpan delay);
}
