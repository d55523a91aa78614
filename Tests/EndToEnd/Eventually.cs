using Shouldly;

namespace AspireFeedback.Tests.EndToEnd;

internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public static Task ShouldAsync(Func<bool> condition, string what, CancellationToken cancellationToken) =>
        ShouldAsync(() => Task.FromResult(condition()), what, cancellationToken);

    public static async Task ShouldAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow + Limit;
        while (!await condition())
        {
            if (DateTime.UtcNow > end)
                throw new ShouldAssertException($"It did not come true in {Limit.TotalSeconds:0} s: {what}.");
            await Task.Delay(Step, cancellationToken);
        }
    }
}
