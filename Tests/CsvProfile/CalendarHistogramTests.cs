using AspireFeedback.Backend.CsvProfile;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

public sealed class CalendarHistogramTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(30, 300)]
    [InlineData(400, 3_000)]
    [InlineData(1_500, 3_000)]
    [InlineData(4_000, 20_000)]
    [InlineData(100_000, 5_000)]
    [InlineData(3_000_000, 20_000)]
    public void Every_bin_holds_exactly_what_lies_within_it(int days, int count)
    {
        var random = new Random(days);
        var start = new DateTime(1, 6, 1).Ticks;
        var times = Enumerable.Range(0, count).Select(_ => start + random.NextInt64(days * TimeSpan.TicksPerDay)).ToArray();
        var histogram = new CalendarHistogram();
        foreach (var time in times)
            histogram.Add(time, 1);

        var bins = histogram.Bins(20, byHour: true);

        bins.Count.ShouldBeInRange(1, 20);
        bins.Sum(bin => bin.Count).ShouldBe(count);
        foreach (var (from, to, inside) in bins)
            inside.ShouldBe(times.Count(time => from <= time && time < to));
    }

    [Fact]
    public void Years_begin_in_january_and_weeks_on_monday()
    {
        var weeks = new CalendarHistogram();
        for (var day = 0; day < 60; day++)
            weeks.Add(new DateTime(2026, 3, 4).AddDays(day).Ticks, 1);
        var years = new CalendarHistogram();
        years.Add(new DateTime(2010, 5, 5).Ticks, 1);
        years.Add(new DateTime(2026, 5, 5).Ticks, 1);

        weeks.Bins(20, byHour: false).ShouldAllBe(bin => new DateTime(bin.From).DayOfWeek == DayOfWeek.Monday);
        years.Bins(20, byHour: false).Select(bin => new DateTime(bin.From)).ShouldBe(Enumerable.Range(2010, 17).Select(year => new DateTime(year, 1, 1)));
    }
}
