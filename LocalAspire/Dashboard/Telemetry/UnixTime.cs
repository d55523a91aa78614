namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>OTLP's nanoseconds since 1970 as a time. .NET's ticks are 100 of them.</summary>
internal static class UnixTime
{
    public static DateTime ToTime(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / 100);

    public static long FromTime(DateTime time) => (time.ToUniversalTime() - DateTime.UnixEpoch).Ticks * 100;
}
