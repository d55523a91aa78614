using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireFeedback.Bench.Load;

internal enum LoadKind
{
    Submit,
    WholeWay,
    Limit,
}

/// <summary>What the load generator is told to do next: a line of JSON on its standard input.</summary>
/// <param name="InFlight">Closed loop: so many at any time. 0: open loop.</param>
/// <param name="Rate">Open loop: so many a second, whatever comes back.</param>
/// <param name="Rows">Of the limit: rows a statement.</param>
/// <param name="Urls">Where load goes, in turn.</param>
/// <param name="Database">Of the limit: the scratch database.</param>
internal sealed record LoadCommand(
    LoadKind Kind, int InFlight, int Rate, int Rows, TimeSpan WarmUp, TimeSpan Duration, TimeSpan Drain, IReadOnlyList<string> Urls,
    string? Database, RowPattern? Pattern);

/// <summary>The texts of a row as Web has written them, so that the limit writes as many bytes.</summary>
internal sealed record RowPattern(string Fingerprint, string State, string Data);

internal enum LoadPhase
{
    /// <summary>The warm-up is over.</summary>
    Measuring,
    /// <summary>The window is over; what is still under way is waited for.</summary>
    Measured,
    Finished,
    Broken,
}

/// <summary>What it tells: a line on its standard output.</summary>
internal sealed record LoadMessage(LoadPhase Phase, LoadResult? Result = null, string? Error = null)
{
    // A percentile of nothing is NaN.
    private static readonly JsonSerializerOptions s_options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, s_options);

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, s_options)
        ?? throw new InvalidDataException("A line of the load protocol is null.");
}

/// <summary>Latencies, in milliseconds, are of all that began in the window and ended whenever; open loop: from when it was due.</summary>
/// <param name="Completed">Ended within the window.</param>
/// <param name="Began">In the window.</param>
/// <param name="Unfinished">Of those, had not ended at the deadline.</param>
/// <param name="Failed">Of those, by reason.</param>
/// <param name="MaxLate">Open loop: how late the generator itself was at worst.</param>
internal sealed record LoadResult(
    double Seconds, long Completed, long Began, long Unfinished, IReadOnlyDictionary<string, long> Failed,
    double P50, double P95, double P99, double Max, double MaxLate)
{
    public IReadOnlyList<string> Troubles { get; init; } = [];

    public double PerSecond => Completed / Seconds;
}
