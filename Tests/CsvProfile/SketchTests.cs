using System.Text;
using AspireFeedback.Backend.CsvProfile;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

public sealed class SketchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(40_000)]
    [InlineData(1_000_000)]
    public void Distinct_values_are_estimated_within_four_standard_errors(int distinct)
    {
        var sketch = new HyperLogLog(14);

        for (var i = 0; i < distinct; i++)
        {
            sketch.Add(Hash(i));
            sketch.Add(Hash(i));
        }

        ((double)sketch.Estimate()).ShouldBe(distinct, 0.5 + 4 * 1.04 / Math.Sqrt(1 << 14) * distinct);
    }

    [Fact]
    public void Hashes_of_short_values_differ() =>
        Enumerable.Range(0, 1_000_000).Select(Hash).Distinct().Count().ShouldBe(1_000_000);

    [Fact]
    public void Frequent_values_are_found_in_a_stream_that_has_far_more_than_fit()
    {
        var sketch = new FrequentValues(64, new FrequencyTable(64));
        var truth = new Dictionary<string, long>();
        var random = new Random(7);
        for (var i = 0; i < 200_000; i++)
        {
            // One in eight is one of four values; the rest hardly ever repeat.
            var value = random.Next(8) == 0 ? $"often{random.Next(4)}" : $"rare{random.Next(1_000_000)}";
            truth[value] = truth.GetValueOrDefault(value) + 1;
            sketch.Add(Hash(value), Encoding.UTF8.GetBytes(value), cut: false);
        }

        var found = sketch.Certain().ToDictionary(value => Encoding.UTF8.GetString(value.Kept.Span), value => value.Count);

        for (var i = 0; i < 4; i++)
            ((double)found[$"often{i}"]).ShouldBe(truth[$"often{i}"], 200_000 / 64.0);
        foreach (var (value, count) in found)
            count.ShouldBeLessThanOrEqualTo(truth[value]);
    }

    private static ulong Hash(int i) => Hash(i.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static ulong Hash(string value) => ValueHash.Of(Encoding.UTF8.GetBytes(value));
}
