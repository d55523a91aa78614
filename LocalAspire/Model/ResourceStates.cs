using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceStates
{
    public static readonly string NotStarted = nameof(NotStarted);
    public static readonly string Waiting = nameof(Waiting);
    public static readonly string Starting = nameof(Starting);
    public static readonly string Running = nameof(Running);
    public static readonly string FailedToStart = nameof(FailedToStart);
    public static readonly string RuntimeUnhealthy = nameof(RuntimeUnhealthy);
    public static readonly string Stopping = nameof(Stopping);
    public static readonly string Exited = nameof(Exited);
    public static readonly string Finished = nameof(Finished);
    public static readonly string Active = nameof(Active);

    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited, RuntimeUnhealthy];
}

/// <summary>What is known of one instance of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    public required string ResourceType { get; init; }

    public string State { get; init; } = KnownResourceStates.NotStarted;

    /// <summary>Null until the instance runs and was asked for the first time.</summary>
    public HealthStatus? HealthStatus { get; init; }

    /// <summary>Why the instance is not healthy, or did not start.</summary>
    public string? Reason { get; init; }

    public int? ExitCode { get; init; }

    public int? ProcessId { get; init; }

    public string? Url { get; init; }

    public int Restarts { get; init; }

    /// <summary>When its process started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When that process was healthy for the first time.</summary>
    public DateTimeOffset? HealthyAt { get; init; }

    /// <summary>How often it failed or crashed since it was healthy last.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>Not shown on the console: a part of another resource.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Why it failed last; null once it is healthy. Unlike <see cref="Reason"/> it outlives the next attempt.</summary>
    internal string? LastFailure { get; init; }

    /// <summary>It failed or crashed, and is about to be tried again.</summary>
    internal bool HasFailed => State == KnownResourceStates.FailedToStart || State == KnownResourceStates.Exited;

    /// <summary>It does not just take a moment longer: it cannot be started, or crashes again and again.</summary>
    internal bool HasComeToNothing => State == KnownResourceStates.FailedToStart || FailuresInARow >= 3;

    public bool IsHealthy => State == KnownResourceStates.Running && HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;
}

/// <summary>A change of one instance. <see cref="ResourceId"/> is the resource's name, with the replica's number where there are replicas.</summary>
public sealed record ResourceEvent(IResource Resource, string ResourceId, CustomResourceSnapshot Snapshot);
