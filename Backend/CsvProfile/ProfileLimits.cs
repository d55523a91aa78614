namespace AspireFeedback.Backend.CsvProfile;

/// <summary>How much is kept per column, so that all columns together stay within some hundred megabytes whatever their number.</summary>
/// <param name="ExactValues">Different values that are counted exactly; beyond, estimates begin.</param>
/// <param name="Precision">Of <see cref="HyperLogLog"/>: 14 is within 0.8 percent (standard error), 11 within 2.3.</param>
/// <param name="FrequentValues">Counters of <see cref="FrequentValues"/>.</param>
/// <param name="Bins">Most bins of a histogram; 0 for none.</param>
/// <param name="Top">Most frequent values that are reported; 0 for none.</param>
internal sealed record ProfileLimits(int ExactValues, int Precision, int FrequentValues, int Bins, int Top)
{
    public const int MaxColumns = 10_000;

    /// <summary>A quote that is never closed makes one record of the rest of the file: this is where that ends.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    public static ProfileLimits For(int columns) => new(
        ExactValues: Math.Clamp(200_000 / Math.Max(columns, 1), 64, 10_000),
        Precision: columns <= 1000 ? 14 : 11,
        FrequentValues: columns <= 100 ? 512 : columns <= 1000 ? 128 : 32,
        Bins: columns <= 200 ? 20 : columns <= 1000 ? 10 : 0,
        Top: columns <= 200 ? 10 : columns <= 1000 ? 5 : 0);
}
