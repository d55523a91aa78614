using System.Diagnostics;
using System.Diagnostics.Metrics;
using AspireFeedback.Messaging;

namespace AspireFeedback.Backend.Handling;

/// <summary>A span and three instruments per run, and one for what no run is made of.</summary>
internal sealed class RunTelemetry : IDisposable
{
    public const string Name = "AspireFeedback.Backend";

    private readonly ActivitySource _source = new(Name);
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _refused;

    public RunTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _runs = meter.CreateCounter<long>("feedback.runs", "{run}", "Runs that ended, by kind and outcome.");
        _duration = meter.CreateHistogram<double>("feedback.run.duration", "s", "From taking a message to its settlement.");
        _active = meter.CreateUpDownCounter<long>("feedback.runs.active", "{run}", "Runs that have begun and not ended.");
        _refused = meter.CreateCounter<long>("feedback.messages.refused", "{message}", "Messages of the protocol that are none for this side of it, by queue and reason.");
    }

    /// <summary>Within the transport's span if that belongs to the request's trace, else right below the sender's span.</summary>
    public Activity? Start(string kind, Message message, Guid run)
    {
        ActivityContext.TryParse(message.TraceParent, message.TraceState, isRemote: true, out var sender);
        var current = Activity.Current?.Context ?? default;
        var parent = sender == default || current.TraceId == sender.TraceId ? current : sender;
        var activity = _source.StartActivity(kind, parent.IsRemote ? ActivityKind.Consumer : ActivityKind.Internal, parent);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("feedback.request.id", message.RequestId.ToString());
            activity.SetTag("feedback.attempt", message.Attempt);
            activity.SetTag("feedback.hop", message.Hop);
            activity.SetTag("feedback.run", run.ToString());
        }
        return activity;
    }

    public void Refused(string queue, string reason) => _refused.Add(1, new("queue", queue), new("reason", reason));

    public void Begun(string kind) => _active.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Ended(string kind, string outcome, TimeSpan duration)
    {
        _active.Add(-1, new KeyValuePair<string, object?>("kind", kind));
        var tags = new TagList { { "kind", kind }, { "outcome", outcome } };
        _runs.Add(1, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Dispose() => _source.Dispose();
}
