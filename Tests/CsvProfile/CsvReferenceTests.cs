using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

/// <summary>Compares the streaming profile with what follows from the whole table in memory, said as plainly as possible.</summary>
public sealed partial class CsvReferenceTests
{
    [Fact]
    public async Task A_profile_says_what_the_table_in_memory_says()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var csv = new RandomCsv(seed);

            var result = await Csv.ProfileAsync(csv.Bytes, csv.Separator.ToString());

            result.Rows.ShouldBe(csv.Rows.Length, $"seed {seed}");
            result.Columns.Select(column => column.Name).ShouldBe(csv.Names, $"seed {seed}");
            for (var i = 0; i < csv.Names.Length; i++)
                ShouldDescribe(result.Columns[i], [.. csv.Rows.Select(row => i < row.Length ? row[i].Trim(' ', '\t') : "")], $"seed {seed}, column {i}");
        }
    }

    private static void ShouldDescribe(CsvColumn column, string[] cells, string where)
    {
        var values = cells.Where(cell => cell.Length > 0).ToArray();
        column.Count.ShouldBe(values.Length, where);
        column.Missing.ShouldBe(cells.Length - values.Length, where);
        column.Distinct.ShouldBe(values.Distinct().Count(), where);
        column.DistinctIsEstimate.ShouldBeFalse(where);
        column.Type.ShouldBe(TypeOf(values), where);
        if (values.Length == 0)
            return;

        column.Histogram?.Sum(bin => bin.Count).ShouldBe(values.Length, where);
        switch (column.Type)
        {
            case "integer":
                var integers = values.Select(value => long.Parse(value, CultureInfo.InvariantCulture)).ToArray();
                column.Min!.Value.GetInt64().ShouldBe(integers.Min(), where);
                column.Max!.Value.GetInt64().ShouldBe(integers.Max(), where);
                ShouldCount(column, [.. integers.Select(integer => (double)integer)], where);
                break;
            case "number":
                var numbers = values.Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
                column.Min!.Value.GetDouble().ShouldBe(numbers.Min(), where);
                column.Max!.Value.GetDouble().ShouldBe(numbers.Max(), where);
                ShouldCount(column, numbers, where);
                break;
            case "boolean":
                column.Min!.Value.GetBoolean().ShouldBe(values.All(IsTrue), where);
                column.Max!.Value.GetBoolean().ShouldBe(values.Any(IsTrue), where);
                ShouldRank(column, values, where);
                break;
            case "date":
                // Only years of four digits with leading zeros are generated: their order is that of their text.
                column.Min!.Value.GetString().ShouldBe(values.Min(StringComparer.Ordinal), where);
                column.Max!.Value.GetString().ShouldBe(values.Max(StringComparer.Ordinal), where);
                foreach (var bin in column.Histogram!)
                    bin.Count.ShouldBe(values.Count(value => IsWithin(value, bin)), where);
                break;
            default:
                var ordered = values.OrderBy(Encoding.UTF8.GetBytes, ByteOrder).ToArray();
                column.Min!.Value.GetString().ShouldBe(ordered[0], where);
                column.Max!.Value.GetString().ShouldBe(ordered[^1], where);
                ShouldRank(column, values, where);
                break;
        }
    }

    private static void ShouldCount(CsvColumn column, double[] numbers, string where)
    {
        column.Mean!.Value.ShouldBe(numbers.Average(), 1e-9 * numbers.Max(Math.Abs), where);
        if (column.Histogram!.Count == 1)
            return;
        foreach (var bin in column.Histogram)
            bin.Count.ShouldBe(numbers.Count(number => bin.From.GetDouble() <= number && number < bin.To.GetDouble()), where);
    }

    private static void ShouldRank(CsvColumn column, string[] values, string where) =>
        column.Top.ShouldBe(
            values.GroupBy(value => value)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => Encoding.UTF8.GetBytes(group.Key), ByteOrder)
                .Take(10)
                .Select(group => new CsvTopValue(group.Key, group.Count())),
            where);

    private static string TypeOf(string[] values) => values switch
    {
        [] => "text",
        _ when values.All(value => Integer().IsMatch(value)) => "integer",
        _ when values.All(value => Number().IsMatch(value)) => "number",
        _ when values.All(value => Boolean().IsMatch(value)) => "boolean",
        _ when values.All(value => DateTime.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) => "date",
        _ => "text",
    };

    private static bool IsTrue(string value) => value.StartsWith("t", StringComparison.OrdinalIgnoreCase) || value.StartsWith("y", StringComparison.OrdinalIgnoreCase);

    private static bool IsWithin(string value, CsvHistogramBin bin) =>
        string.CompareOrdinal(bin.From.GetString(), value) <= 0 && string.CompareOrdinal(value, bin.To.GetString()) < 0;

    private static Comparer<byte[]> ByteOrder { get; } = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    [GeneratedRegex(@"^[+-]?(0|[1-9]\d{0,18})$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[+-]?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d+)?$")]
    private static partial Regex Number();

    [GeneratedRegex("^(true|false|yes|no)$", RegexOptions.IgnoreCase)]
    private static partial Regex Boolean();
}
