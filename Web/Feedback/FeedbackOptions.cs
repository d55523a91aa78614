namespace AspireFeedback.Web.Feedback;

/// <summary>Section <c>Feedback</c> of the configuration.</summary>
internal sealed class FeedbackOptions
{
    public const string Section = "Feedback";

    /// <summary>Stands before every channel name, so that several systems can share one Redis.</summary>
    public string Namespace { get; set; } = "feedback";

    /// <summary>A silent event stream gets a comment this often, so that proxies keep it open.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a change that came early waits for the one before it, until the log is asked.</summary>
    public TimeSpan GapPatience { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How often connections are compared with the log while the backplane works.</summary>
    public TimeSpan Recheck { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The same while the backplane is away; the backplane itself is probed this often.</summary>
    public TimeSpan RecheckWhileAway { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>An owner's channel stays subscribed for this long after the last connection left: people come back.</summary>
    public TimeSpan ReleaseAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Changes kept for one connection that reads slowly; beyond, they are forgotten and read from the log at its pace.</summary>
    public int QueuedChanges { get; set; } = 64;

    public bool IsValid() =>
        Namespace.Length is > 0 and <= 64 && Heartbeat > TimeSpan.Zero && GapPatience >= TimeSpan.Zero && Recheck > TimeSpan.Zero
        && RecheckWhileAway > TimeSpan.Zero && ReleaseAfter >= TimeSpan.Zero && QueuedChanges > 0;
}
