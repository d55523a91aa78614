using System.Collections.Concurrent;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Waiting;

/// <summary>
/// Where pending requests stand. A kind's queue is sampled while somebody asks for it, once a second at most however many ask, and less often
/// where a sample of a long queue takes long. Nobody waits for a sample as long as there is one of the last seconds.
/// </summary>
internal sealed partial class QueueEstimates(ILogUpkeep log, KindCatalog kinds, TimeProvider time, ILogger<QueueEstimates> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Usable = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Sampling takes at most this share of one connection's time.</summary>
    private const double Share = 0.05;

    private readonly ConcurrentDictionary<string, KindQueue> _queues = new();

    /// <summary><c>null</c> unless the request is pending and the log can be asked.</summary>
    public async ValueTask<QueueView?> OfAsync(RequestState state, CancellationToken cancellationToken)
    {
        if (state.Status is not RequestStatus.Pending || kinds.Find(state.Kind) is null)
            return null;
        var queue = _queues.GetOrAdd(state.Kind, kind => new(kind));
        Task sampling;
        bool usable;
        lock (queue)
        {
            var now = time.GetTimestamp();
            var age = queue.Sampled is { } sampled ? time.GetElapsedTime(sampled, now) : TimeSpan.MaxValue;
            if (queue.Sampling.IsCompleted && (queue.Asked is not { } asked || time.GetElapsedTime(asked, now) >= queue.Pause))
            {
                queue.Asked = now;
                queue.Sampling = SampleAsync(queue);
            }

            sampling = queue.Sampling;
            usable = age < Usable || age < 2 * queue.Pause;
        }

        if (!usable)
            await sampling.WaitAsync(cancellationToken);
        lock (queue)
            return queue.Sampled is null ? null : queue.Pace.Of(state.CreatedAt);
    }

    /// <summary>For all who ask meanwhile, so that nobody of them can cancel it.</summary>
    private async Task SampleAsync(KindQueue queue)
    {
        await Task.Yield();
        var begun = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            var sample = (await log.SampleWaitingAsync([queue.Kind], limit.Token))[0];
            var took = time.GetElapsedTime(begun);
            lock (queue)
            {
                queue.Pace.Add(sample);
                queue.Sampled = time.GetTimestamp();
                queue.Pause = took / Share > Fresh ? took / Share : Fresh;
            }
        }
        catch (Exception e) when (e is LogUnavailableException or OperationCanceledException)
        {
            LogNoSample(queue.Kind, e.Message);
            lock (queue)
            {
                // Estimates are a courtesy: none rather than an old one, and a database in trouble is not asked again at once.
                queue.Sampled = null;
                queue.Pause = Usable;
            }
        }
    }

    private sealed class KindQueue(string kind)
    {
        public string Kind => kind;
        public QueuePace Pace { get; } = new();
        public TimeSpan Pause { get; set; } = Fresh;
        public long? Asked { get; set; }
        public long? Sampled { get; set; }
        public Task Sampling { get; set; } = Task.CompletedTask;
    }

    [LoggerMessage(1511, LogLevel.Warning, "The queue of kind {Kind} could not be sampled: {Reason}")]
    private partial void LogNoSample(string kind, string reason);
}
