namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a wait does when the other resource has come to nothing: it failed to start, keeps crashing, or was stopped.</summary>
public enum WaitBehavior
{
    /// <summary>Goes on waiting: somebody may mend it.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>Gives up, and says why.</summary>
    StopOnResourceUnavailable = 1,
}
