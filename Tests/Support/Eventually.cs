using System.Diagnostics;
using System.Runtime.CompilerServices;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Support;

/// <summary>Waits for a condition that comes true by itself, with a deadline.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task HoldsAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Deadline)
                throw new TimeoutException($"Not within {Deadline.TotalSeconds} s: {what}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        HoldsAsync(() => Task.FromResult(condition()), what);

    /// <summary>Tries assertions until they pass; at the deadline what failed last is thrown, with what it saw.</summary>
    public static async Task PassesAsync(Func<Task> assertions)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            try
            {
                await assertions();
                return;
            }
            catch (ShouldAssertException) when (watch.Elapsed < Deadline)
            {
            }
        }
    }
}
