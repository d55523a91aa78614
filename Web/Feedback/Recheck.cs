using System.Collections.Concurrent;
using System.Threading.Channels;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Feedback;

/// <summary>
/// Compares what the connections of this instance have with the log, so that a lost announcement only costs time: at once when the backplane
/// is back, often while it is away, now and then otherwise.
/// </summary>
internal sealed partial class Recheck(
    IRequestLog log, OwnerChannels channels, IOptions<FeedbackOptions> options, TimeProvider time, ILogger<Recheck> logger, RedisBackplane? backplane = null)
    : BackgroundService
{
    private const int OwnersAtOnce = 4;
    private const int MostPerOwner = 200;
    private const int IdsPerQuery = 1_000;

    /// <summary>So many owners in a row whose requests cannot be read are an outage; fewer, and it is their own.</summary>
    private const int FailuresOfAnOutage = 2 * OwnersAtOnce;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _behind = [];
    private DateTimeOffset? _comparedUntil;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (backplane is null)
            LogSingleInstance();
        else
        {
            backplane.Received = channels.Deliver;
            backplane.Restored = () => _wake.Writer.TryWrite(true);
        }
        var last = channels.Now;
        var returns = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var present = backplane is null || await backplane.ProbeAsync(stoppingToken);
            var every = present ? options.Value.Recheck : options.Value.RecheckWhileAway;
            var (now, returned) = (channels.Now, backplane?.Returns ?? 0);
            if ((now - last >= every || returns != returned) && await CompareAsync(stoppingToken))
                (last, returns) = (now, returned);
            await PauseAsync(stoppingToken);
        }
    }

    /// <summary>One comparison of everything that is waited for here. False when the log could not be read.</summary>
    public async Task<bool> CompareAsync(CancellationToken cancellationToken)
    {
        try
        {
            var owners = new List<OwnerChannel>();
            var open = new Dictionary<Guid, int>();
            var ownerOf = new Dictionary<Guid, Guid>();
            foreach (var channel in channels.All)
            {
                var (wide, byRequest) = channel.Listeners();
                if (wide.Count > 0)
                    owners.Add(channel);
                foreach (var listener in byRequest)
                {
                    listener.AddOpenTo(open);
                    ownerOf[listener.Request!.Value] = channel.Owner;
                }
            }
            if (owners.Count == 0 && open.Count == 0)
            {
                _comparedUntil = null;
                _behind.Clear();
                return true;
            }
            await CompareOwnersAsync(owners, cancellationToken);
            await CompareRequestsAsync(open, ownerOf, cancellationToken);
            return true;
        }
        catch (LogUnavailableException e)
        {
            LogNotCompared(e);
            return false;
        }
    }

    private async Task CompareOwnersAsync(List<OwnerChannel> owners, CancellationToken cancellationToken)
    {
        if (owners.Count == 0)
            return;
        var now = (await log.LoadAsync([], cancellationToken)).Now;
        var since = _comparedUntil ?? now;
        foreach (var gone in _behind.Keys.Except(owners.Select(channel => channel.Owner)))
            _behind.TryRemove(gone, out _);
        var failures = 0;
        var each = new ParallelOptions { MaxDegreeOfParallelism = OwnersAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(owners, each, async (channel, stop) =>
        {
            var from = _behind.GetOrAdd(channel.Owner, since);
            try
            {
                await CompareOwnerAsync(channel, from, stop);
                _behind.TryRemove(channel.Owner, out _);
                Interlocked.Exchange(ref failures, 0);
            }
            catch (LogUnavailableException e) when (Interlocked.Increment(ref failures) < FailuresOfAnOutage && failures < owners.Count)
            {
                // One owner's history that takes too long must not keep all others waiting; it is compared from the same time on the next time.
                LogOwnerNotCompared(e);
            }
        });
        _comparedUntil = now;
    }

    private async Task CompareOwnerAsync(OwnerChannel channel, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var filter = new ListFilter { ChangedAfter = since - OwnerCursor.Overlap, Limit = MostPerOwner };
        var changed = await log.ListAsync(channel.Owner, filter, cancellationToken);
        foreach (var state in changed)
            channel.Deliver(Change.Told(state));
        if (changed.Count == MostPerOwner)
            await CompareAllOfAsync(channel, cancellationToken);
    }

    /// <summary>More has changed than one page shows: what the connections follow is compared request by request.</summary>
    private Task CompareAllOfAsync(OwnerChannel channel, CancellationToken cancellationToken)
    {
        var open = new Dictionary<Guid, int>();
        foreach (var listener in channel.Listeners().Wide)
            listener.AddOpenTo(open);
        return CompareRequestsAsync(open, open.Keys.ToDictionary(id => id, _ => channel.Owner), cancellationToken);
    }

    private async Task CompareRequestsAsync(Dictionary<Guid, int> open, Dictionary<Guid, Guid> ownerOf, CancellationToken cancellationToken)
    {
        foreach (var ids in open.Keys.Chunk(IdsPerQuery))
        {
            foreach (var (id, version) in await log.ReadVersionsAsync(ids, cancellationToken))
            {
                if (version > open[id])
                    channels.Deliver(Change.Told(ownerOf[id], id, version));
            }
        }
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var woken = _wake.Reader.WaitToReadAsync(pause.Token).AsTask();
        await Task.WhenAny(woken, Task.Delay(options.Value.RecheckWhileAway, time, pause.Token));
        _wake.Reader.TryRead(out _);
        await pause.CancelAsync();
    }

    [LoggerMessage(4320, LogLevel.Information, "No ConnectionStrings:redis: this instance pushes to its own connections only.")]
    private partial void LogSingleInstance();

    [LoggerMessage(4321, LogLevel.Warning, "The connections could not be compared with the log; tried again soon.")]
    private partial void LogNotCompared(Exception e);

    [LoggerMessage(4322, LogLevel.Warning, "The connections of one owner could not be compared with the log; tried again at the next comparison.")]
    private partial void LogOwnerNotCompared(Exception e);
}
