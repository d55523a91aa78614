using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The current state of every instance, and every change of it.</summary>
public sealed class ResourceNotificationService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];

    /// <summary>The current state of everything first, then every change in order.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_gate)
        {
            foreach (var current in _current.Values)
                channel.Writer.TryWrite(current);
            _watchers.Add(channel);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
        finally
        {
            lock (_gate)
                _watchers.Remove(channel);
        }
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate)
            return _current.TryGetValue(resourceId, out resourceEvent);
    }

    /// <summary>Returns when an instance of the resource is in the state, Running by default.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, change => change.Snapshot.State == (targetState ?? KnownResourceStates.Running), cancellationToken);

    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (Matches(change, resourceName) && predicate(change))
                return change;
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Returns the state that an instance of the resource reached first.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        string[] wanted = [.. targetStates];
        return (await WaitForResourceAsync(resourceName, change => wanted.Contains(change.Snapshot.State), cancellationToken)).Snapshot.State;
    }

    /// <summary>Returns when every replica of the resource is healthy; throws when one cannot be started. What crashed is waited for: it is started again.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, change => change.HasComeToNothing, cancellationToken);

    /// <inheritdoc cref="WaitForResourceHealthyAsync(string, CancellationToken)"/>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(
            resourceName,
            change => waitBehavior == WaitBehavior.StopOnResourceUnavailable && KnownResourceStates.TerminalStates.Contains(change.State),
            cancellationToken);

    internal IReadOnlyList<ResourceEvent> All
    {
        get
        {
            lock (_gate)
                return [.. _current.Values];
        }
    }

    private async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, Func<CustomResourceSnapshot, bool> isUnavailable, CancellationToken cancellationToken)
    {
        var end = await WaitForResourceAsync(
            resourceName, change => isUnavailable(change.Snapshot) || change.Snapshot.IsHealthy && IsHealthy(resourceName), cancellationToken);
        return end.Snapshot.IsHealthy ? end : throw new DistributedApplicationException(
            $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start. '{end.ResourceId}' is {end.Snapshot.State}: {end.Snapshot.LastFailure ?? end.Snapshot.Reason}");
    }

    internal bool IsHealthy(string resourceName) => Of(resourceName) is { Count: > 0 } instances && instances.All(e => e.Snapshot.IsHealthy);

    internal void Publish(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        lock (_gate)
        {
            var before = _current.TryGetValue(resourceId, out var known)
                ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal) };
            var after = change(before);
            if (known is not null && before == after)
                return;

            var resourceEvent = new ResourceEvent(resource, resourceId, after);
            _current[resourceId] = resourceEvent;
            // Written under the lock, so that every watcher sees the changes in the same order.
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(resourceEvent);
        }
    }

    internal IReadOnlyList<ResourceEvent> Of(string resourceName)
    {
        lock (_gate)
            return [.. _current.Values.Where(e => Matches(e, resourceName))];
    }

    private static bool Matches(ResourceEvent change, string name) =>
        change.Resource.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !change.Snapshot.IsHidden
            || change.ResourceId.Equals(name, StringComparison.OrdinalIgnoreCase);
}
