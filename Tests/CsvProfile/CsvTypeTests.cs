using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

public sealed class CsvTypeTests
{
    [Theory]
    [InlineData("integer", "1", "-2", "+3", "9223372036854775807")]
    [InlineData("number", "1", "2.5", "-.5", "1e3")]
    [InlineData("number", "12345678901234567890")]
    [InlineData("boolean", "true", "FALSE", "yes", "No")]
    [InlineData("date", "2026-01-31", "2026-02-28T10:00:00Z")]
    [InlineData("date", "31.01.2026")]
    [InlineData("date", "1/31/2026 3:45 PM", "12/1/2025 11:00 AM")]
    [InlineData("text", "1", "2", "x")]
    [InlineData("text", "true", "1")]
    [InlineData("text", "2026-01-31", "7")]
    [InlineData("text", "00501", "10001")]
    [InlineData("text", "NaN", "1.5")]
    [InlineData("text", "1e999")]
    [InlineData("text", "2026-02-30")]
    [InlineData("text", "13/13/2026")]
    [InlineData("text", "31/01/2026", "01/31/2026")]
    [InlineData("text", "-", "+", ".", "1.2.3", "5 %")]
    public async Task A_column_has_the_narrowest_type_that_every_value_fits(string type, params string[] values) =>
        (await Csv.ColumnAsync(values)).Type.ShouldBe(type);

    [Fact]
    public async Task A_column_that_turns_into_text_late_is_text_with_the_statistics_of_text()
    {
        // Enough different integers to leave the exact table long before the first text.
        var column = await Csv.ColumnAsync([.. Enumerable.Range(100_000, 30_000).Select(i => i.ToString()), "~end", .. Enumerable.Repeat("often", 500)]);

        column.Type.ShouldBe("text");
        column.Count.ShouldBe(30_501);
        column.DistinctIsEstimate.ShouldBeTrue();
        column.Distinct.ShouldBeInRange(29_000, 31_000);
        column.Min.Raw().ShouldBe("\"100000\"");
        column.Max.Raw().ShouldBe("\"~end\"");
        column.Mean.ShouldBeNull();
        column.Histogram.ShouldBeNull();
        column.Top.ShouldNotBeNull()[0].ShouldBe(new("often", 500));
    }

    [Fact]
    public async Task One_stray_text_among_numbers_is_pointed_out()
    {
        var result = await Csv.ProfileAsync($"price,b\n{string.Concat(Enumerable.Repeat("1.5,2\n", 20))}n/a,2\n");

        result.Columns[0].Type.ShouldBe("text");
        result.Notes.ShouldNotBeNull().ShouldContain("Column 'price' is text because of 1 of its 21 values, such as 'n/a'; most are numbers.");
    }

    [Fact]
    public async Task Integers_are_exact_to_the_last_digit()
    {
        var column = await Csv.ColumnAsync("9007199254740993", "9223372036854775807", "-9223372036854775808");

        column.Min.Raw().ShouldBe("-9223372036854775808");
        column.Max.Raw().ShouldBe("9223372036854775807");
    }

    [Fact]
    public async Task Booleans_have_boolean_bounds_and_counts()
    {
        var column = await Csv.ColumnAsync("true", "true", "", "true");

        (column.Count, column.Missing, column.Min.Raw(), column.Max.Raw()).ShouldBe((3, 1, "true", "true"));
        column.Top.ShouldBe([new("true", 3)]);
    }

    [Fact]
    public async Task Dates_are_ordered_as_dates_and_written_as_iso()
    {
        var column = await Csv.ColumnAsync("31.12.2025", "1.2.2026", "15.01.2026");

        (column.Min.Raw(), column.Max.Raw()).ShouldBe(("\"2025-12-31\"", "\"2026-02-01\""));
        column.Histogram.ShouldNotBeNull().Sum(bin => bin.Count).ShouldBe(3);
    }

    [Fact]
    public async Task One_date_that_has_no_such_month_settles_how_all_are_read()
    {
        // The first is the same date either way, the next two are not, the last has one reading only.
        var column = await Csv.ColumnAsync("01/01/2026", "01/02/2026", "03/02/2026", "31/01/2026");

        (column.Type, column.Min.Raw(), column.Max.Raw()).ShouldBe(("date", "\"2026-01-01\"", "\"2026-02-03\""));
        column.Histogram.ShouldNotBeNull().Sum(bin => bin.Count).ShouldBe(4);
    }

    [Fact]
    public async Task Dates_that_can_be_read_two_ways_are_pointed_out()
    {
        var result = await Csv.ProfileAsync("when,b\n01/02/2026,1\n03/04/2026,1\n");

        (result.Columns[0].Min.Raw(), result.Columns[0].Max.Raw()).ShouldBe(("\"2026-01-02\"", "\"2026-03-04\""));
        result.Notes.ShouldNotBeNull().ShouldContain(note => note.Contains("month first"));
    }

    [Fact]
    public async Task A_column_without_values_is_text_without_statistics()
    {
        var column = await Csv.ColumnAsync("", "  ", "\"\"");

        column.ShouldBe(new("x", "text", 0, 3, 0, false));
    }

    [Fact]
    public async Task A_mean_that_no_double_can_hold_is_left_out()
    {
        var column = await Csv.ColumnAsync("1.7e308", "1.7e308");

        (column.Type, column.Mean).ShouldBe(("number", null));
    }
}
