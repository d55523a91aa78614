using AspireFeedback.Backend.CsvProfile;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

public sealed class HistogramTests
{
    [Fact]
    public void Every_bin_holds_exactly_what_lies_within_it()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var numbers = Numbers(random);
            var histogram = new Histogram();
            foreach (var number in numbers)
                histogram.Add(number, 1);

            var bins = histogram.Bins(20, 0);

            bins.Count.ShouldBeInRange(1, 20, $"seed {seed}");
            bins.Sum(bin => bin.Count).ShouldBe(numbers.Length, $"seed {seed}");
            if (bins.Count == 1)
                continue;
            foreach (var (from, to, count) in bins)
                count.ShouldBe(numbers.Count(number => from <= number && number < to), $"seed {seed}: {from} to {to}");
            bins[0].Count.ShouldBeGreaterThan(0, $"seed {seed}");
            bins[^1].Count.ShouldBeGreaterThan(0, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(new[] { 0.0, 0.29, 0.57, 0.1, 0.7, 0.3, 1.1 }, new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1 })]
    [InlineData(new[] { 3.0, 1.0, 7.0 }, new[] { 1.0, 2, 3, 4, 5, 6, 7 })]
    public void Bins_begin_at_round_numbers(double[] numbers, double[] edges)
    {
        var histogram = new Histogram();
        foreach (var number in numbers)
            histogram.Add(number, 1);

        histogram.Bins(20, narrowest: edges[1] - edges[0]).Select(bin => bin.From).ShouldBe(edges);
    }

    [Fact]
    public void One_number_is_one_bin()
    {
        var histogram = new Histogram();
        histogram.Add(52.25, 3);
        histogram.Add(52.25, 1);

        histogram.Bins(20, 0).ShouldBe([(52.25, 52.25, 4L)]);
    }

    [Fact]
    public void The_whole_range_of_a_double_fits()
    {
        var histogram = new Histogram();
        foreach (var number in (double[])[double.Epsilon, 0, 1e-300, -1, double.MaxValue, double.MinValue, 1e15, 1e15 + 0.125])
            histogram.Add(number, 1);

        var bins = histogram.Bins(20, 0);

        bins.Sum(bin => bin.Count).ShouldBe(8);
        bins.ShouldAllBe(bin => double.IsFinite(bin.From) && double.IsFinite(bin.To));
    }

    private static double[] Numbers(Random random)
    {
        var count = random.Next(2, 400);
        var decimals = random.Next(0, 5);
        var scale = Math.Pow(10, random.Next(-3, 8));
        var offset = random.Next(3) == 0 ? random.Next(-1_000_000, 1_000_000) : 0;
        return random.Next(3) switch
        {
            // As they are written in files: decimals that no double holds exactly, many of them on the edges of bins.
            0 => [.. Enumerable.Range(0, count).Select(_ => (double)Math.Round((decimal)((random.NextDouble() - 0.3) * scale), decimals) + offset)],
            1 => [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-50, 50) + offset)],
            _ => [.. Enumerable.Range(0, count).Select(_ => Math.Pow(10, random.NextDouble() * 12 - 6) * (random.Next(2) * 2 - 1))],
        };
    }
}
