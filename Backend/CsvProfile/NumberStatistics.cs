using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.CsvProfile;

internal sealed class NumberStatistics(bool withHistogram)
{
    private readonly Histogram? _histogram = withHistogram ? new() : null;
    private long _count;
    private long _minInteger = long.MaxValue;
    private long _maxInteger = long.MinValue;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private double _sum;
    private double _lost;

    public void Add(in Value value, long count)
    {
        _count += count;
        _min = Math.Min(_min, value.Number);
        _max = Math.Max(_max, value.Number);
        if (value.Kind == ValueKind.Integer)
        {
            _minInteger = Math.Min(_minInteger, value.Integer);
            _maxInteger = Math.Max(_maxInteger, value.Integer);
        }
        // Neumaier's summation: without it a long column of small numbers loses them beside the growing sum.
        var term = value.Number * count;
        var sum = _sum + term;
        _lost += Math.Abs(_sum) >= Math.Abs(term) ? _sum - sum + term : term - sum + _sum;
        _sum = sum;
        _histogram?.Add(value.Number, count);
    }

    public CsvColumn Describe(CsvColumn column, bool integers, int bins) => column with
    {
        Min = integers ? JsonSerializer.SerializeToElement(_minInteger) : JsonSerializer.SerializeToElement(_min),
        Max = integers ? JsonSerializer.SerializeToElement(_maxInteger) : JsonSerializer.SerializeToElement(_max),
        // A sum beyond the range of a double has no mean that JSON could hold.
        Mean = double.IsFinite(_sum + _lost) ? (_sum + _lost) / _count : null,
        Histogram = _histogram is null ? null :
        [
            .. _histogram.Bins(bins, integers ? 1 : 0).Select(bin =>
                new CsvHistogramBin(JsonSerializer.SerializeToElement(bin.From), JsonSerializer.SerializeToElement(bin.To), bin.Count)),
        ],
    };
}
