using System.Diagnostics;
using OpenTelemetry;

namespace AspireFeedback.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps out of the traces what background loops ask the database, and send to the broker, for many at once: several a second, each a trace of its own,
/// would fill every store within the hour and bury what people ask for. One that fails or takes long stays.
/// </summary>
internal sealed class PollFilter : BaseProcessor<Activity>
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(100);

    public override void OnEnd(Activity data)
    {
        var isAlone = data.Parent is null && data.ParentSpanId == default && !data.Links.Any();
        if (isAlone && data.Source.Name is "Npgsql" or "RabbitMQ.Client.Publisher" && data.Status != ActivityStatusCode.Error && data.Duration < Long)
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
