using System.Text;
using AspireFeedback.Backend.CsvProfile;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

public sealed class CsvRefusalTests
{
    [Fact]
    public async Task A_binary_file_is_refused()
    {
        var bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        bytes[0] = 0x7F; // no byte order mark, no magic number by chance

        (await RefusalAsync(bytes)).ShouldBe("This is a binary file, not a CSV file.");
    }

    [Fact]
    public async Task A_workbook_is_refused_by_its_name() =>
        (await RefusalAsync([(byte)'P', (byte)'K', 3, 4, 20, 0, 6, 0])).ShouldContain("Excel workbook");

    [Fact]
    public async Task Utf16_without_a_byte_order_mark_is_refused_with_a_way_out() =>
        (await RefusalAsync(Encoding.Unicode.GetBytes("name,size\none,1\n"))).ShouldContain("Save the file as UTF-8");

    [Fact]
    public async Task A_quote_that_swallows_a_large_file_is_refused()
    {
        var text = new StringBuilder("a,b\n1,2\n3,\"4\n");
        while (text.Length < 40_000_000)
            text.Append("5,6\n");

        (await RefusalAsync(Encoding.UTF8.GetBytes(text.ToString()))).ShouldStartWith("Row 2 is longer than 16 MB.");
    }

    [Fact]
    public async Task Too_many_columns_are_refused()
    {
        (await RefusalAsync(Encoding.UTF8.GetBytes(new string(',', 10_000) + "\n"))).ShouldContain("10001 columns");
        (await Csv.ProfileAsync(new string(',', 9_999) + "\n1\n")).Columns.Count.ShouldBe(10_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("::")]
    [InlineData("\"")]
    [InlineData("\n")]
    [InlineData("é")]
    public async Task A_separator_that_cannot_be_one_is_refused(string separator) =>
        (await Should.ThrowAsync<CsvRefusedException>(Csv.ProfileAsync("a,b\n", separator))).Message.ShouldStartWith("The separator must be");

    [Fact]
    public async Task A_canceled_profile_stops()
    {
        using var cancel = new CancellationTokenSource();
        var bytes = new byte[50_000_000];
        Array.Fill(bytes, (byte)'\n');
        long last = 0;

        await Should.ThrowAsync<OperationCanceledException>(CsvProfiler.ProfileAsync(
            new MemoryStream(bytes), null, read => { last = read; cancel.Cancel(); }, cancel.Token));

        last.ShouldBeLessThan(5_000_000);
    }

    [Fact]
    public async Task Progress_is_the_bytes_read_and_ends_with_all_of_them()
    {
        var text = new StringBuilder("a,b\n");
        while (text.Length < 5_000_000)
            text.Append("12345,67890\n");
        var reports = new List<long>();

        await CsvProfiler.ProfileAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), null, reports.Add, TestContext.Current.CancellationToken);

        reports.Count.ShouldBeInRange(3, 8);
        reports.ShouldBeInOrder();
        reports[^1].ShouldBe(text.Length);
    }

    private static async Task<string> RefusalAsync(byte[] bytes) => (await Should.ThrowAsync<CsvRefusedException>(Csv.ProfileAsync(bytes))).Message;
}
