namespace AspireFeedback.Web.Feedback;

/// <summary>What a connection does next.</summary>
internal abstract record FeedStep
{
    public static FeedStep Nothing { get; } = new Idle();

    /// <summary>Nothing until something is offered.</summary>
    internal sealed record Idle : FeedStep;

    /// <summary>Nothing until something is offered or this time has come.</summary>
    internal sealed record Wait(TimeSpan Until) : FeedStep;

    internal sealed record Send(Change Change) : FeedStep;

    /// <summary>Read what these requests are missing above these versions from the log.</summary>
    internal sealed record Fill(IReadOnlyList<(Guid Id, int After)> Gaps) : FeedStep;

    /// <summary>Too many requests at once for one connection: it has to start again from its cursor.</summary>
    internal sealed record Overrun : FeedStep;
}
