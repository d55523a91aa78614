using System.Collections.Concurrent;
using System.Diagnostics;

namespace AspireFeedback.Tests.Requests;

/// <summary>Counts what Npgsql sends to one database while it is there: each command or batch is one round trip. By its text, to see what it was.</summary>
internal sealed class RoundTrips : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _byText = new();
    private readonly ActivityListener _listener;

    public RoundTrips(string database)
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("db.namespace") as string == database && activity.GetTagItem("db.query.text") is string text)
                    _byText.AddOrUpdate(text, 1, (_, count) => count + 1);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => _byText.Values.Sum();

    public int Of(string beginning) => _byText.Where(pair => pair.Key.StartsWith(beginning, StringComparison.Ordinal)).Sum(pair => pair.Value);

    public override string ToString() =>
        string.Join('\n', _byText.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Value} × {pair.Key.ReplaceLineEndings(" ")[..Math.Min(100, pair.Key.Length)]}"));

    public void Dispose() => _listener.Dispose();
}
