namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// Exact counts of a stream of numbers in bins whose width is a power of ten, as fine as their number allows. Bins start at multiples of
/// their width, so ten of them merge into one of the next width without splitting any: what was counted stays right when the range grows.
/// </summary>
internal sealed class Histogram
{
    private const int Capacity = 1000;

    private long[] _bins = [];
    private long _start;
    private long _lowest;
    private long _highest;
    private int _exponent;
    private double _factor;
    private double _limit;
    private double _single;
    private long _singleCount;

    public void Add(double number, long count)
    {
        if (_bins.Length == 0 && (_singleCount == 0 || number == _single))
        {
            _single = number;
            _singleCount += count;
            return;
        }
        if (_bins.Length == 0)
            Open(number);
        Count(number, count);
    }

    /// <summary>At most <paramref name="most"/> bins that are 1, 2 or 5 times a power of ten wide, and no narrower than <paramref name="narrowest"/>.</summary>
    public IReadOnlyList<(double From, double To, long Count)> Bins(int most, double narrowest)
    {
        if (_bins.Length == 0)
            return _singleCount == 0 ? [] : [(_single, _single, _singleCount)];
        var merged = 1L;
        for (var step = 0; merged * Width(_exponent) < narrowest * (1 - 1e-9) || Span(merged) > most; step++)
            merged = step % 3 == 1 ? merged / 2 * 5 : merged * 2;

        var first = Down(_lowest, merged);
        var counts = new long[Span(merged)];
        for (var bin = _lowest; bin <= _highest; bin++)
            counts[Down(bin, merged) - first] += _bins[bin - _start];
        return [.. counts.Select((count, i) => (Edge((first + i) * merged), Edge((first + i + 1) * merged), count))];
    }

    private long Span(long merged) => Down(_highest, merged) - Down(_lowest, merged) + 1;

    // The second different number fixes the first width, as fine as the distance of the two and the precision of a double allow.
    private void Open(double number)
    {
        var distance = Math.Abs(number / 2 - _single / 2) / (Capacity / 4);
        var precision = Math.Max(Math.Abs(number), Math.Abs(_single)) * 1e-15;
        SetWidth(Math.Clamp((int)Math.Ceiling(Math.Log10(Math.Max(distance, precision))), -300, 306));
        _bins = new long[Capacity];
        _lowest = _highest = Index(_single);
        _start = _lowest - Capacity / 2;
        Count(_single, _singleCount);
    }

    private void Count(double number, long count)
    {
        while (Math.Abs(number) > _limit)
            Coarsen();
        var bin = Index(number);
        while (Math.Max(bin, _highest) - Math.Min(bin, _lowest) >= Capacity)
        {
            Coarsen();
            bin = Index(number);
        }
        _lowest = Math.Min(bin, _lowest);
        _highest = Math.Max(bin, _highest);
        if (_lowest < _start || _highest >= _start + Capacity)
            MoveTo(_lowest - (Capacity - (_highest - _lowest + 1)) / 2, 1);
        _bins[bin - _start] += count;
    }

    // Powers are too slow to be taken for every number.
    private void SetWidth(int exponent)
    {
        _exponent = exponent;
        _factor = Width(Math.Abs(exponent));
        _limit = Width(exponent) * 1e16;
    }

    private void Coarsen()
    {
        SetWidth(_exponent + 1);
        var lowest = Down(_lowest, 10);
        MoveTo(lowest - Capacity / 2, 10);
        (_lowest, _highest) = (lowest, Down(_highest, 10));
    }

    private void MoveTo(long start, long merged)
    {
        var before = _bins;
        _bins = new long[Capacity];
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] != 0)
                _bins[Down(_start + i, merged) - start] += before[i];
        }
        _start = start;
    }

    private long Index(double number)
    {
        var exact = _exponent > 0 ? number / _factor : number * _factor;
        // 0.29 * 100 is a little less than 29: a number that is written like an edge belongs above it.
        var nearest = Math.Round(exact);
        return (long)(Math.Abs(exact - nearest) <= Math.Abs(nearest) * 1e-15 ? nearest : Math.Floor(exact));
    }

    // Dividing by a power of ten gives the double that is nearest to the decimal edge; multiplying by its inverse does not.
    // At the end of the range of a double the next edge lies beyond it, and JSON knows no infinity.
    private double Edge(long bin) => Math.Clamp(_exponent < 0 ? bin / _factor : bin * _factor, double.MinValue, double.MaxValue);

    private static double Width(int exponent) => Math.Pow(10, exponent);

    private static long Down(long bin, long merged) => bin >= 0 ? bin / merged : -((-bin + merged - 1) / merged);
}
