using System.Text;
using AspireFeedback.Backend.CsvProfile;
using AspireFeedback.Contracts;
using Xunit;

namespace AspireFeedback.Tests.CsvProfile;

internal static class Csv
{
    public static Task<CsvProfileResult> ProfileAsync(string text, string? separator = null) => ProfileAsync(Encoding.UTF8.GetBytes(text), separator);

    public static Task<CsvProfileResult> ProfileAsync(byte[] bytes, string? separator = null) =>
        CsvProfiler.ProfileAsync(new MemoryStream(bytes), separator, progress: null, TestContext.Current.CancellationToken);

    public static async Task<CsvColumn> ColumnAsync(params string[] values) =>
        (await ProfileAsync($"x,y\n{string.Join('\n', values.Select(value => value + ",1"))}\n")).Columns[0];

    /// <summary>The value as it stands in the JSON.</summary>
    public static string? Raw(this System.Text.Json.JsonElement? element) => element?.GetRawText();
}
