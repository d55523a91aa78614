using System.Runtime.ExceptionServices;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Policies;

/// <summary>Steps that do not depend on each other: one that fails, each time perhaps, must not keep the others from their turn.</summary>
internal static class EachStep
{
    /// <exception cref="LogUnavailableException">An outage was all that went wrong.</exception>
    /// <exception cref="AggregateException">More than one step failed.</exception>
    public static async Task RunAsync(IReadOnlyList<Func<CancellationToken, Task>> steps, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        foreach (var step in steps)
        {
            try
            {
                await step(cancellationToken);
            }
#pragma warning disable CA1031 // It is thrown at the end.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failures.Add(e);
            }
        }

        if (failures.Count == 1 || (failures.Count > 1 && failures.TrueForAll(e => e is LogUnavailableException)))
            ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1)
            throw new AggregateException(failures);
    }
}
