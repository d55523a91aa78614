using AspireFeedback.LocalAspire.Dashboard.Metrics;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

/// <summary>Reads the shapes of OTLP's data points, each with the time at which its sender began to count.</summary>
internal static class DataPoints
{
    // Exponential buckets change their scale as they go; on fixed powers of two they can be added up and compared.
    private const int FirstPower = -20;
    private static readonly double[] s_powers = [.. Enumerable.Range(FirstPower, 51).Select(power => Math.Pow(2, power))];

    public static (MetricPoint Point, long StartNs) Number(ReadOnlySpan<byte> message)
    {
        long start = 0, at = 0;
        var value = double.NaN;
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 2: start = reader.Nanoseconds(); break;
                case 3: at = reader.Nanoseconds(); break;
                case 4: value = reader.Double(); break;
                case 6: value = (long)reader.Fixed64(); break;
            }
        }

        return (new(at, value), start);
    }

    /// <param name="isSummary">Count and sum of a summary have the same numbers; its quantiles are passed over.</param>
    public static (MetricPoint Point, long StartNs) Histogram(ReadOnlySpan<byte> message, bool isSummary)
    {
        long start = 0, at = 0;
        double count = 0, sum = 0;
        List<ulong> counts = [], bounds = [];
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 2: start = reader.Nanoseconds(); break;
                case 3: at = reader.Nanoseconds(); break;
                case 4: count = reader.Fixed64(); break;
                case 5: sum = reader.Double(); break;
                case 6 when !isSummary: reader.AddFixed64To(counts); break;
                case 7 when !isSummary: reader.AddFixed64To(bounds); break;
            }
        }

        var buckets = counts.Count is > 0 and <= TelemetryLimits.Buckets && counts.Count == bounds.Count + 1
            ? new Buckets([.. bounds.Select(BitConverter.UInt64BitsToDouble)], [.. counts.Select(c => (double)c)])
            : null;
        return (new(at, sum, count, buckets), start);
    }

    public static (MetricPoint Point, long StartNs) Exponential(ReadOnlySpan<byte> message)
    {
        long start = 0, at = 0;
        double count = 0, sum = 0, zeros = 0;
        var scale = 0;
        ReadOnlySpan<byte> positive = default;
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 2: start = reader.Nanoseconds(); break;
                case 3: at = reader.Nanoseconds(); break;
                case 4: count = reader.Fixed64(); break;
                case 5: sum = reader.Double(); break;
                case 6: scale = reader.ZigZag(); break;
                case 7: zeros = reader.Fixed64(); break;
                case 8: positive = reader.Bytes(); break;
            }
        }

        return (new(at, sum, count, OnPowers(positive, scale, zeros)), start);
    }

    private static Buckets OnPowers(ReadOnlySpan<byte> positive, int scale, double zeros)
    {
        var offset = 0;
        var counts = new List<ulong>();
        for (var reader = new ProtoReader(positive); reader.Next();)
        {
            if (reader.Field == 1)
                offset = reader.ZigZag();
            else if (reader.Field == 2)
                reader.AddVarintTo(counts);
        }

        var sums = new double[s_powers.Length + 1];
        sums[0] = zeros;
        for (var i = 0; i < counts.Count; i++)
        {
            // The bucket i holds what is above base^(offset+i) and up to base^(offset+i+1), where base = 2^(2^-scale).
            var upper = Math.ScaleB(offset + i + 1.0, -scale);
            sums[(int)Math.Clamp(Math.Ceiling(upper - 1e-9) - FirstPower, 0, s_powers.Length)] += counts[i];
        }

        return new(s_powers, sums);
    }
}
