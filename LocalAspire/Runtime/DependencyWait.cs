using Aspire.Hosting.ApplicationModel;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Holds an instance back until everything that it waits for was healthy once, and says what it is waiting for.</summary>
internal sealed class DependencyWait(IResource resource, ResourceNotificationService notifications)
{
    private readonly List<WaitAnnotation> _missing = [.. resource.Annotations.OfType<WaitAnnotation>()];

    public bool IsNeeded => _missing.Count > 0;

    /// <summary>
    /// Calls <paramref name="report"/> with a state and its reason. A dependency that came to nothing makes the waiting resource FailedToStart; since what
    /// failed is tried again, it starts after all when the dependency becomes healthy. False when it is not to start by itself any more.
    /// </summary>
    public async Task<bool> RunAsync(Action<string, string> report, CancellationToken cancellationToken)
    {
        await foreach (var _ in notifications.WatchAsync(cancellationToken))
        {
            _missing.RemoveAll(wait => notifications.IsHealthy(wait.Resource.Name));
            if (_missing.Count == 0)
                return true;

            var failed = _missing.Select(wait => (Wait: wait, Reason: FailureOf(wait.Resource))).FirstOrDefault(f => f.Reason is not null);
            if (failed.Reason is null)
                report(KnownResourceStates.Waiting, "waits for " + string.Join(", ", _missing.Select(wait => $"'{wait.Resource.Name}'")));
            else if (failed.Wait.Behavior == WaitBehavior.WaitOnResourceUnavailable)
                report(KnownResourceStates.Waiting, $"waits for '{failed.Wait.Resource.Name}', which {failed.Reason}");
            else
                report(KnownResourceStates.FailedToStart, $"waits for '{failed.Wait.Resource.Name}', which {failed.Reason}");
            if (failed.Reason is not null && failed.Wait.Behavior == WaitBehavior.StopOnResourceUnavailable)
                return false;
        }

        return false;
    }

    private string? FailureOf(IResource dependency) =>
        notifications.Of(dependency.Name).Select(e => e.Snapshot).FirstOrDefault(s => s.HasComeToNothing) is { } snapshot
            ? $"failed to start: {snapshot.LastFailure ?? snapshot.Reason}"
            : null;
}
