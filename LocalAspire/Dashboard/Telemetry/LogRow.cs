namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>The names of Microsoft.Extensions.Logging for the ranges of OTLP's severity numbers.</summary>
internal enum LogSeverity : byte
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}

/// <summary>One line of a structured log.</summary>
internal sealed class LogRow
{
    public const int Template = 1;
    public const int ExceptionType = 2;
    public const int ExceptionMessage = 3;
    public const int StackTrace = 4;

    /// <summary>Where the attributes begin in <see cref="Text"/>; before them the message and the pieces above.</summary>
    public const int AttributesFrom = 5;

    /// <summary>Given by the store: later ones are greater.</summary>
    public long Id { get; set; }

    public required TelemetrySource Source { get; init; }

    public required string Category { get; init; }

    public required long AtNs { get; init; }

    public required LogSeverity Severity { get; init; }

    public UInt128 TraceId { get; init; }

    public ulong SpanId { get; init; }

    public string? RequestId { get; init; }

    public required Pieces Text { get; init; }

    public long Bytes => 150 + Text.Length;
}
