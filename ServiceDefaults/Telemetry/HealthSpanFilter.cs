using System.Diagnostics;
using OpenTelemetry;

namespace AspireFeedback.ServiceDefaults.Telemetry;

/// <summary>Keeps probes out of the traces: several a second from every prober would bury what people ask for.</summary>
internal sealed class HealthSpanFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        // A probe's children (a ping of the database) end before it does; alone they would look like traces of their own.
        for (var span = data; span is not null; span = span.Parent)
        {
            if (!IsProbe(span))
                continue;
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }
    }

    private static bool IsProbe(Activity span) =>
        span.Kind == ActivityKind.Server && span.GetTagItem("url.path") is HealthEndpoints.Ready or HealthEndpoints.Alive;
}
