using AspireFeedback.LocalAspire.Dashboard.Recording;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Dashboard.Resources;

/// <summary>What the processes of a run have written.</summary>
internal abstract class ConsoleReader
{
    /// <summary>How many lines made room for later ones.</summary>
    public abstract long Dropped(string? resource);

    /// <summary>Of one resource or instance, or of all: what came after a number, in order.</summary>
    public abstract IReadOnlyList<ConsoleLine> After(long n, string? resource);
}

internal sealed class LiveConsole(ApplicationRun run) : ConsoleReader
{
    public override long Dropped(string? resource) => Logs(resource).Sum(i => i.Log.Dropped);

    public override IReadOnlyList<ConsoleLine> After(long n, string? resource)
    {
        // Logs are read one after the other: what comes meanwhile belongs to the next time, or some of it would be passed over.
        var upTo = run.Console.Last;
        return n >= upTo ? [] : [.. Logs(resource).SelectMany(i => i.Log.After(n)).Where(line => line.N <= upTo).OrderBy(line => line.N)];
    }

    private IReadOnlyList<Instance> Logs(string? resource) => resource is null ? run.Instances : run.Find(resource);
}

internal sealed class RecordedConsole(RecordedRun run) : ConsoleReader
{
    public override long Dropped(string? resource) => 0;

    public override IReadOnlyList<ConsoleLine> After(long n, string? resource) =>
        [.. run.Console.Where(line => line.N > n && (resource is null || IsOf(line.Instance, resource)))];

    // Replicas have the name of their resource and a number.
    private static bool IsOf(string instance, string resource) =>
        instance == resource || (instance.StartsWith(resource + "-", StringComparison.Ordinal) && int.TryParse(instance[(resource.Length + 1)..], out _));
}
