using System.Numerics;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// Estimates how many different hashes it was given, in 2^precision bytes, with a standard error of 1.04 / sqrt(2^precision).
/// Sketch: Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm", 2007.
/// Estimator: Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284, algorithm 6: no bias correction
/// tables, good at every size.
/// </summary>
internal sealed class HyperLogLog(int precision)
{
    private readonly byte[] _registers = new byte[1 << precision];

    public void Add(ulong hash)
    {
        // The marker bit bounds the rank where all remaining bits are zero.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << precision) | (1UL << (precision - 1))) + 1);
        ref var register = ref _registers[hash >> (64 - precision)];
        if (rank > register)
            register = rank;
    }

    public long Estimate()
    {
        var bits = 64 - precision;
        Span<int> histogram = stackalloc int[bits + 2];
        foreach (var register in _registers)
            histogram[register]++;

        double size = _registers.Length;
        var z = size * Tau(1 - histogram[bits + 1] / size);
        for (var rank = bits; rank >= 1; rank--)
            z = 0.5 * (z + histogram[rank]);
        z += size * Sigma(histogram[0] / size);
        return (long)Math.Round(size * size / (2 * Math.Log(2) * z));
    }

    private static double Sigma(double x)
    {
        if (x == 1)
            return double.PositiveInfinity;
        double y = 1, z = x, before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (z != before);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
            return 0;
        double y = 1, z = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z != before);
        return z / 3;
    }
}
