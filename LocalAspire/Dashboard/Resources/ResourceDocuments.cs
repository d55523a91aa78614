using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireFeedback.LocalAspire.Dashboard.Resources;

internal sealed record UrlDocument(string Name, string Url);

internal sealed record InstanceDocument(
    string Id, string State, string? Health, string? Reason, int? ExitCode, int? ProcessId, string? Url, int Restarts, DateTime? StartedAt, double? ReadyAfterMs,
    double? Cpu, long? MemoryBytes, IReadOnlyList<string> Commands);

internal sealed record ResourceDocument(
    string Name, string Type, string State, string? Health, IReadOnlyList<UrlDocument> Urls, IReadOnlyList<InstanceDocument> Instances,
    IReadOnlyList<string> References, IReadOnlyList<string> WaitsFor, IReadOnlyList<string> Commands, bool Hidden);

/// <summary>The resources of the run as the page shows them: replicas under their resource, the state of which is that of the worst.</summary>
internal sealed class ResourceDocuments(ApplicationRun run, ProcessUsage usage)
{
    // The worst first.
    private static readonly List<string> s_states =
    [
        KnownResourceStates.FailedToStart, KnownResourceStates.Exited, KnownResourceStates.RuntimeUnhealthy, KnownResourceStates.Stopping,
        KnownResourceStates.Starting, KnownResourceStates.Waiting, KnownResourceStates.NotStarted, KnownResourceStates.Finished, KnownResourceStates.Running,
    ];

    private readonly ConcurrentDictionary<string, (DateTimeOffset StartedAt, double Ms)> _ready = new();
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Notes when each instance became healthy, until it is stopped.</summary>
    public async Task WatchAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var change in run.Notifications.WatchAsync(stopping))
            {
                if (change.Snapshot is { IsHealthy: true, StartedAt: { } startedAt } && _ready.GetValueOrDefault(change.ResourceId).StartedAt != startedAt)
                    _ready[change.ResourceId] = (startedAt, (TimeProvider.System.GetUtcNow() - startedAt).TotalMilliseconds);
                Interlocked.Increment(ref _version);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    public IReadOnlyList<ResourceDocument> All()
    {
        var usages = usage.Now();
        var events = run.Notifications.All.ToLookup(e => e.Resource.Name);
        return [.. run.Resources.Select(resource => Of(resource, [.. events[resource.Name].Where(e => !e.Snapshot.IsHidden)], usages))];
    }

    private ResourceDocument Of(IResource resource, List<ResourceEvent> events, IReadOnlyDictionary<string, Usage> usages)
    {
        var processes = run.Instances.Where(i => i.Resource == resource && !i.IsPart).Select(i => i.Id).ToHashSet();
        var instances = events.Select(e => Of(e, usages.GetValueOrDefault(e.ResourceId), processes.Contains(e.ResourceId)))
            .OrderBy(i => i.Id.Length).ThenBy(i => i.Id, StringComparer.Ordinal).ToList();
        return new(
            resource.Name,
            resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
            events.Select(e => e.Snapshot.State).OrderBy(state => s_states.IndexOf(state)).FirstOrDefault(KnownResourceStates.NotStarted),
            instances.Any(i => i.Health == nameof(HealthStatus.Unhealthy)) ? nameof(HealthStatus.Unhealthy)
                : instances.Count > 0 && instances.All(i => i.Health == nameof(HealthStatus.Healthy)) ? nameof(HealthStatus.Healthy) : null,
            [.. resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is not null)
                .Select(e => new UrlDocument(e.Name, e.AllocatedEndpoint!.UriString))],
            instances,
            [.. References(resource).Select(r => r.Name).Where(name => name != resource.Name).Distinct()],
            [.. resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource.Name).Distinct()],
            [.. InstanceCommand.Names.Where(name => instances.Any(i => i.Commands.Contains(name)))],
            Hidden: false);
    }

    private InstanceDocument Of(ResourceEvent change, Usage? used, bool isProcess)
    {
        var snapshot = change.Snapshot;
        return new(
            change.ResourceId, snapshot.State, snapshot.HealthStatus?.ToString(), snapshot.Reason, snapshot.ExitCode, snapshot.ProcessId, snapshot.Url,
            snapshot.Restarts, snapshot.StartedAt?.UtcDateTime,
            _ready.TryGetValue(change.ResourceId, out var ready) && ready.StartedAt == snapshot.StartedAt ? Math.Round(ready.Ms) : null,
            used?.Cpu, used?.MemoryBytes, isProcess ? KnownResourceCommands.For(snapshot) : []);
    }

    private static IEnumerable<IResource> References(IResource resource) =>
        resource.Annotations.OfType<ReferenceAnnotation>().Select(r => r.Resource)
            .Concat(resource is PostgresDatabaseResource database ? [database.Parent] : []);
}
