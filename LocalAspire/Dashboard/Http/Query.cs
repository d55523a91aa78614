using System.Globalization;
using AspireFeedback.LocalAspire.Dashboard.Queries;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AspireFeedback.LocalAspire.Dashboard.Http;

/// <summary>The parameters of a URL. An empty one counts as absent; one that makes no sense is refused by its name.</summary>
internal readonly struct Query(HttpRequest request)
{
    public string? Text(string name) => request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    public IReadOnlyList<string> All(string name) => [.. request.Query[name].OfType<string>()];

    public bool Flag(string name) =>
        Text(name) is { } text && (bool.TryParse(text, out var flag) ? flag : throw RefusedException.BadQuery(name, "is true or false"));

    public int Number(string name, int absent, int least, int most) => (int)Math.Min(Long(name, absent, least), most);

    public long Long(string name, long absent, long least = 0) => Text(name) is not { } text ? absent
        : long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw RefusedException.BadQuery(name, $"is a number from {least}");

    public double Double(string name) => Text(name) is not { } text ? 0
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw RefusedException.BadQuery(name, "is a number");

    public long Nanoseconds(string name, long absent) => Text(name) is not { } text ? absent
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? UnixTime.FromTime(time.UtcDateTime)
        : throw RefusedException.BadQuery(name, "is a time as in 2026-01-31T12:00:00Z");

    public LogFilter Logs() => new()
    {
        Resource = Text("resource"),
        Instance = Text("instance"),
        Level = Text("level") is not { } level ? LogSeverity.Trace
            : Enum.TryParse<LogSeverity>(level, ignoreCase: true, out var severity) && Enum.IsDefined(severity) ? severity
            : throw RefusedException.BadQuery("level", $"is one of {string.Join(", ", Enum.GetNames<LogSeverity>())}"),
        Text = Search("text"),
        TraceId = Text("traceId") is { } traceId ? Trace("traceId", traceId) : null,
        SpanId = Text("spanId") is not { } spanId ? null
            : Ids.ParseSpan(spanId) is > 0 and var id ? id
            : throw RefusedException.BadQuery("spanId", "has 16 hexadecimal digits"),
        RequestId = Text("requestId"),
        Category = Text("category"),
        FromNs = Nanoseconds("from", 0),
        ToNs = Nanoseconds("to", long.MaxValue),
    };

    public TraceFilter Traces() => new()
    {
        Resource = Text("resource"),
        Text = Search("text"),
        OnlyErrors = Flag("errors"),
        RequestId = Text("requestId"),
        MinMs = Double("minMs"),
        MinSpans = Number("minSpans", 0, 0, int.MaxValue),
        FromNs = Nanoseconds("from", 0),
        ToNs = Nanoseconds("to", long.MaxValue),
    };

    public static UInt128 Trace(string name, string text) =>
        Ids.ParseTrace(text) is var id && id != 0 ? id : throw RefusedException.BadQuery(name, "has 32 hexadecimal digits");

    private SearchText? Search(string name) => SearchText.Parse(Text(name)) is { IsEmpty: false } text ? text : null;
}
