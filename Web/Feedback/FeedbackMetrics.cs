using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AspireFeedback.Web.Feedback;

internal sealed class FeedbackMetrics
{
    public const string Name = "AspireFeedback.Web.Feedback";

    private static readonly ActivitySource Source = new(Name);

    private readonly UpDownCounter<int> _connections;
    private readonly Counter<long> _pushes;
    private readonly Counter<long> _gapsFilled;
    private readonly Counter<long> _publishFailures;
    private int _backplane = -1;

    public FeedbackMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _connections = meter.CreateUpDownCounter<int>("feedback.connections", "{connection}", "Connections that wait for changes, by channel.");
        _pushes = meter.CreateCounter<long>("feedback.pushes", "{push}", "Changes handed to a connection, by channel.");
        _gapsFilled = meter.CreateCounter<long>("feedback.gap_fills", "{gap}", "Gaps of a connection that were filled from the log.");
        _publishFailures = meter.CreateCounter<long>("feedback.backplane.publish_failures", "{change}", "Changes that could not be published at once.");
        meter.CreateObservableGauge("feedback.backplane.up", () => Volatile.Read(ref _backplane), description: "1: works, 0: away, -1: none configured.");
    }

    public void Connected(string channel) => _connections.Add(1, new KeyValuePair<string, object?>("channel", channel));

    public void Left(string channel) => _connections.Add(-1, new KeyValuePair<string, object?>("channel", channel));

    public void GapsFilled(int count) => _gapsFilled.Add(count);

    public void PublishFailed(int count) => _publishFailures.Add(count);

    public void BackplaneIs(bool up) => Volatile.Write(ref _backplane, up ? 1 : 0);

    /// <summary>Counts a push. The activity, when somebody listens, continues the trace of the request.</summary>
    public Activity? Push(string channel, Change change)
    {
        _pushes.Add(1, new KeyValuePair<string, object?>("channel", channel));
        if (!Source.HasListeners() || !ActivityContext.TryParse(change.TraceParent, null, isRemote: true, out var parent))
            return null;
        var activity = Source.StartActivity("push", ActivityKind.Internal, parent);
        activity?.SetTag("feedback.request.id", change.Id.ToString()).SetTag("feedback.request.version", change.Version).SetTag("feedback.channel", channel);
        return activity;
    }
}
