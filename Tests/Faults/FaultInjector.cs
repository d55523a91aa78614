using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting;
using AspireFeedback.LocalAspire.Testing;

namespace AspireFeedback.Tests.Faults;

/// <param name="At">A <see cref="Stopwatch"/> time.</param>
internal sealed record Injected(Fault Fault, long At);

/// <summary>Does to the system what the plan says, and mends each fault when its time is over.</summary>
internal sealed class FaultInjector(DistributedApplication app)
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(90);

    public ConcurrentQueue<Injected> Injected { get; } = [];

    /// <summary>Returns when all faults are mended and everything is healthy.</summary>
    public async Task RunAsync(IReadOnlyList<Fault> faults, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var mending = new List<Task>();
        foreach (var fault in faults)
        {
            var wait = fault.At - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancellationToken);
            mending.Add(InjectAsync(fault, cancellationToken));
        }

        await Task.WhenAll(mending);
    }

    private async Task InjectAsync(Fault fault, CancellationToken cancellationToken)
    {
        var replica = app.Replicas(fault.Resource)[fault.Replica];
        Injected.Enqueue(new(fault, Stopwatch.GetTimestamp()));
        switch (fault.Kind)
        {
            case FaultKind.Pause:
                await replica.PauseAsync();
                await Task.Delay(fault.For, CancellationToken.None);
                await replica.ContinueAsync();
                break;
            case FaultKind.Kill:
                await replica.KillAsync(cancellationToken);
                await Task.Delay(fault.For, cancellationToken);
                await StartAsync(replica, cancellationToken);
                break;
            case FaultKind.Restart:
                await replica.StopAsync(cancellationToken);
                await Task.Delay(fault.For, cancellationToken);
                await StartAsync(replica, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"{fault.Kind}");
        }
    }

    private static async Task StartAsync(Replica replica, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startLimit);
        try
        {
            await replica.StartAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{replica.Name} was not healthy within {s_startLimit.TotalSeconds} s.");
        }
    }
}
