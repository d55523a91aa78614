namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

internal enum SpanStatus : byte
{
    Unset,
    Ok,
    Error,
}

internal enum SpanKind : byte
{
    Internal = 1,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <param name="Text">Name, then names and values of the attributes.</param>
internal readonly record struct SpanEvent(long AtNs, Pieces Text);

/// <param name="Text">Names and values of the attributes.</param>
internal readonly record struct SpanLink(UInt128 TraceId, ulong SpanId, Pieces Text);

/// <summary>One span. Times in nanoseconds since 1970.</summary>
internal sealed class SpanRow
{
    /// <summary>Where the attributes begin in <see cref="Text"/>; before them name and message of the status.</summary>
    public const int AttributesFrom = 2;

    public required TelemetrySource Source { get; init; }

    public required string Scope { get; init; }

    public required UInt128 TraceId { get; init; }

    public required ulong SpanId { get; init; }

    public ulong ParentSpanId { get; init; }

    public SpanKind Kind { get; init; }

    public SpanStatus Status { get; init; }

    public required long StartNs { get; init; }

    public required long EndNs { get; init; }

    public required Pieces Text { get; init; }

    public SpanEvent[] Events { get; init; } = [];

    public SpanLink[] Links { get; init; } = [];

    public string? RequestId { get; init; }

    public string Name => Text.First;

    /// <summary>About what it takes in memory.</summary>
    public long Bytes => 200 + Text.Length + Events.Sum(e => 60L + e.Text.Length) + Links.Sum(l => 60L + l.Text.Length);
}
