using System.Globalization;
using System.Text;
using System.Text.Json;
using AspireFeedback.Backend.CsvProfile;
using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

public sealed class ColumnProfileTests
{
    [Fact]
    public void The_statistics_are_the_same_whenever_the_exact_table_overflows()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var values = Values(new Random(seed));

            var exact = Describe(values, 100_000);
            var sketched = Describe(values, 1 + seed % 7);

            sketched.Type.ShouldBe(exact.Type, $"seed {seed}");
            sketched.Count.ShouldBe(exact.Count);
            sketched.Min.Raw().ShouldBe(exact.Min.Raw(), $"seed {seed}");
            sketched.Max.Raw().ShouldBe(exact.Max.Raw(), $"seed {seed}");
            (sketched.Mean ?? 0).ShouldBe(exact.Mean ?? 0, 1e-9 * Math.Abs(exact.Mean ?? 1), $"seed {seed}");
            Json(sketched.Histogram).ShouldBe(Json(exact.Histogram), $"seed {seed}");
            ((double)sketched.Distinct).ShouldBe(exact.Distinct, 1 + 0.05 * exact.Distinct, $"seed {seed}");
        }
    }

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_values()
    {
        Profile(0, 20_000);
        var small = Allocated(() => Profile(0, 100_000));
        var large = Allocated(() => Profile(0, 2_000_000));

        // All values differ: what is kept of them all would be a hundred megabytes.
        (large - small).ShouldBeLessThan(1_000_000);

        static void Profile(int from, int count)
        {
            var column = new ColumnProfile("x", ProfileLimits.For(10));
            Span<byte> text = stackalloc byte[32];
            for (var i = from; i < from + count; i++)
            {
                i.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
                column.Add(text[..length]);
            }
            column.Describe(new CsvNotes()).Count.ShouldBe(count);
        }

        static long Allocated(Action action)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static string Json(object? value) => JsonSerializer.Serialize(value, FeedbackJson.Options);

    private static CsvColumn Describe(IEnumerable<string> values, int exactValues)
    {
        var column = new ColumnProfile("x", ProfileLimits.For(1) with { ExactValues = exactValues });
        foreach (var value in values)
            column.Add(Encoding.UTF8.GetBytes(value));
        return column.Describe(new CsvNotes());
    }

    private static string[] Values(Random random)
    {
        Func<string>[] kinds =
        [
            () => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
            () => (random.NextDouble() * 100).ToString("F2", CultureInfo.InvariantCulture),
            () => random.Next(2) == 0 ? "true" : "false",
            () => new DateTime(2020, 1, 1).AddDays(random.Next(3000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            () => new DateTime(2020, 1, 1).AddMinutes(random.Next(3_000_000)).ToString("M/d/yyyy h:mm tt", CultureInfo.InvariantCulture),
            () => "text " + random.Next(100),
        ];
        var main = kinds[random.Next(kinds.Length)];
        var other = random.Next(3) == 0 ? kinds[random.Next(kinds.Length)] : main;
        return [.. Enumerable.Range(0, random.Next(1, 500)).Select(_ => random.Next(50) == 0 ? other() : main())];
    }
}
