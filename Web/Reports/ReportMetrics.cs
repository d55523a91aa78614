using System.Diagnostics.Metrics;
using AspireFeedback.Messaging;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Reports;

/// <summary>What came from the broker and changed nothing. A few repeats and late reports are usual; the rest is a defect of who sends.</summary>
internal sealed class ReportMetrics
{
    public const string Unreadable = "unreadable";
    public const string UnknownRequest = "unknown-request";
    public const string Ended = "ended";
    public const string OtherAttempt = "other-attempt";
    public const string Repeated = "repeated";

    private readonly Counter<long> _ignored;
    private readonly Counter<long> _dead;

    public ReportMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AspireFeedback.Web.Reports");
        _ignored = meter.CreateCounter<long>("feedback.reports.ignored", "{report}", "Reports that changed nothing, by reason.");
        _dead = meter.CreateCounter<long>("feedback.dead_letters", "{message}", "Work that the broker gave up on, by the broker's reason and what it meant here.");
    }

    public void Ignored(string reason) => _ignored.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Buried(string reason, AppendResult result) =>
        _dead.Add(1, new("reason", reason), new("meaning", result switch
        {
            { State: null } => UnknownRequest,
            { Decision.Events.Count: 0 } => "ignored",
            { Decision.Events: [AttemptFailed { Spared: true }, ..] } => "spared",
            _ => "counted",
        }));

    /// <returns>Why the report changed nothing; <c>null</c> when it did.</returns>
    public static string? WhyIgnored(Message report, AppendResult result) => result switch
    {
        { State: null } => UnknownRequest,
        { Decision.Events.Count: > 0 } => null,
        { State.Done: true } => Ended,
        _ when Math.Max(report.Attempt, 1) != result.State.Attempt => OtherAttempt,
        _ => Repeated,
    };
}
