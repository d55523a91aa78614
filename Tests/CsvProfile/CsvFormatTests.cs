using System.Text;
using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

public sealed class CsvFormatTests
{
    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    public async Task The_separator_is_found_out(string separator)
    {
        var result = await Csv.ProfileAsync("name,size\na,1\nb,2\n".Replace(",", separator));

        result.Rows.ShouldBe(2);
        result.Columns.Select(column => (column.Name, column.Type)).ShouldBe([("name", "text"), ("size", "integer")]);
    }

    [Fact]
    public async Task A_given_separator_wins()
    {
        var result = await Csv.ProfileAsync("a,b;c\n1,2;3\n", ";");

        result.Columns.Select(column => column.Name).ShouldBe(["a,b", "c"]);
    }

    [Fact]
    public async Task Quotes_protect_separators_line_breaks_and_quotes()
    {
        var result = await Csv.ProfileAsync("\"a,1\",\"b\"\r\n\"x\r\ny\",\"say \"\"hi\"\"\"\r\n\"x\r\ny\",\r\n");

        result.Rows.ShouldBe(2);
        result.Columns[0].Name.ShouldBe("a,1");
        result.Columns[0].Top.ShouldBe([new("x\r\ny", 2)]);
        result.Columns[1].Top.ShouldBe([new("say \"hi\"", 1)]);
        result.Columns[1].Missing.ShouldBe(1);
        result.Notes.ShouldBeNull();
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_byte_order_mark_tells_the_encoding(string encoding)
    {
        var encoder = Encoding.GetEncoding(encoding);

        var result = await Csv.ProfileAsync([.. encoder.GetPreamble(), .. encoder.GetBytes("größe;b\n漢字;2\n漢字;2\n")]);

        result.Columns[0].Name.ShouldBe("größe");
        result.Columns[0].Top.ShouldBe([new("漢字", 2)]);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_read_as_windows_1252_and_reported()
    {
        // 0x80 is the euro sign in Windows-1252 and nothing in Latin-1; the UTF-8 around it stays what it is.
        var result = await Csv.ProfileAsync([.. "n\u00E4me,b\n"u8, .. "\u00E9,1\n"u8, 0x80, 0xE9, .. ",2\n"u8]);

        result.Columns[0].Name.ShouldBe("näme");
        result.Columns[0].Top.ShouldNotBeNull().Select(top => top.Value).ShouldBe(["é", "€é"], ignoreOrder: true);
        result.Notes.ShouldNotBeNull().ShouldHaveSingleItem().ShouldStartWith("1 row with bytes that are not UTF-8, read as Windows-1252 (first: row 2)");
    }

    [Fact]
    public async Task Ragged_rows_are_counted_not_fatal()
    {
        var result = await Csv.ProfileAsync("a,b\n1,2\n3\n4,5,6\n7,8,9\n");

        result.Rows.ShouldBe(4);
        (result.Columns[0].Count, result.Columns[1].Count, result.Columns[1].Missing).ShouldBe((4, 3, 1));
        result.Notes.ShouldBe(
        [
            "1 row with fewer values than the header has names (first: row 2); what is not there counts as missing.",
            "2 rows with more values than the header has names (first: row 3); what is too much was left out.",
        ]);
    }

    [Fact]
    public async Task Empty_lines_are_no_rows()
    {
        var result = await Csv.ProfileAsync("\n\na,b\n\n1,2\n\n\n");

        (result.Rows, result.Columns[0].Count).ShouldBe((1, 1));
        result.Notes.ShouldNotBeNull().ShouldHaveSingleItem().ShouldStartWith("5 rows without anything");
    }

    [Fact]
    public async Task Names_are_made_unique_and_never_empty()
    {
        var result = await Csv.ProfileAsync("a,,a,a,\n1,2,3,4,5\n");

        result.Columns.Select(column => column.Name).ShouldBe(["a", "Column 2", "a (2)", "a (3)", "Column 5"]);
        result.Notes.ShouldNotBeNull().Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_first_row_of_values_is_pointed_out() =>
        (await Csv.ProfileAsync("1,2\n3,4\n")).Notes.ShouldNotBeNull().ShouldHaveSingleItem().ShouldStartWith("The first row holds values");

    [Theory]
    [InlineData("", 0, "The file is empty.")]
    [InlineData("\uFEFF", 0, "The file is empty.")]
    [InlineData("a,b", 2, null)]
    [InlineData("a,b\n", 2, null)]
    public async Task A_file_without_rows_has_a_profile_too(string text, int columns, string? note)
    {
        var result = await Csv.ProfileAsync(text);

        (result.Rows, result.Columns.Count).ShouldBe((0, columns));
        result.Notes.ShouldBe(note is null ? null : [note]);
    }

    [Fact]
    public async Task Nul_characters_never_reach_the_result()
    {
        var result = await Csv.ProfileAsync("a\0,b\n\0x,1\n\0x,1\n");

        result.Columns[0].Name.ShouldBe("a\uFFFD");
        result.Columns[0].Top.ShouldBe([new("\uFFFDx", 2)]);
        result.Columns[0].Min.Raw().ShouldBe("\"\uFFFDx\"");
        System.Text.Json.JsonSerializer.Serialize(result, FeedbackJson.Options).ShouldNotContain("u0000");
        result.Notes.ShouldNotBeNull().ShouldContain(note => note.StartsWith("3 rows with NUL characters"));
    }

    [Fact]
    public async Task Long_values_are_told_apart_as_a_whole_and_shown_cut()
    {
        var long1 = new string('é', 2_000_000) + "1";
        var long2 = new string('é', 2_000_000) + "2";

        var column = await Csv.ColumnAsync(long1, long2, long1);

        column.Distinct.ShouldBe(2);
        column.Top.ShouldBe([new(new string('é', 48) + '…', 2), new(new string('é', 48) + '…', 1)]);
        column.Min.Raw()!.Length.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_is_reported()
    {
        var result = await Csv.ProfileAsync("a,b\n1,2\n3,\"4\n5,6\n");

        result.Rows.ShouldBe(2);
        result.Notes.ShouldNotBeNull().ShouldContain(note => note.Contains("never closed (row 2)"));
    }
}
