using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>What an instance runs: how to start it, and how to tell that it is well.</summary>
internal abstract class Workload
{
    /// <summary>Where clients of this one instance find it, if anywhere.</summary>
    public virtual string? Url => null;

    /// <summary>The port behind a proxied endpoint.</summary>
    public virtual int PortOf(string endpointName) => throw new InvalidOperationException($"Nothing listens behind '{endpointName}'.");

    /// <summary>A part of another resource, without a line of its own on the console.</summary>
    public virtual bool IsHidden => false;

    /// <summary>Others wait for it, so its start has precedence over that of programs.</summary>
    public virtual bool IsServer => true;

    /// <summary>Servers write to disk before they end.</summary>
    public virtual TimeSpan Grace => TimeSpan.FromSeconds(4);

    /// <summary>Prepares a start; called before each one.</summary>
    public abstract Task<Launch> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Null when all is well, otherwise what is not.</summary>
    public abstract Task<string?> CheckHealthAsync(CancellationToken cancellationToken);

    /// <summary>After the process has ended: drop what was kept open to it.</summary>
    public virtual ValueTask EndedAsync() => ValueTask.CompletedTask;
}
