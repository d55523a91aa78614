namespace AspireFeedback.Backend.Handling;

/// <summary>Why a run's token fired. The first reason stands.</summary>
internal enum StopReason
{
    None,

    /// <summary>The owner wants it to end.</summary>
    Canceled,

    /// <summary>Another attempt has taken over; a success still counts if it is the first.</summary>
    Superseded,

    /// <summary>The request has ended without this run.</summary>
    Ended,

    Deadline,

    /// <summary>The time limit that the handler was registered with.</summary>
    Timeout,

    /// <summary>This process goes down.</summary>
    Shutdown,

    /// <summary>The connection that the message came over is gone: the broker gives it to another worker.</summary>
    Lost,
}
