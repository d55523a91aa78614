using System.Text.Json;
using Xunit;

namespace AspireFeedback.Tests.Dashboard;

/// <summary>Reads server-sent events as a browser would, with a deadline.</summary>
internal sealed class SseReader : IDisposable
{
    private readonly CancellationTokenSource _deadline;
    private readonly StreamReader _reader;

    private SseReader(Stream stream, CancellationTokenSource deadline) => (_reader, _deadline) = (new(stream), deadline);

    public static async Task<SseReader> OpenAsync(HttpClient client, string path)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        return new(await client.GetStreamAsync(new Uri(path, UriKind.Relative), deadline.Token), deadline);
    }

    /// <summary>The data of the next event of that name.</summary>
    public async Task<JsonElement> NextAsync(string name)
    {
        var current = "";
        while (await _reader.ReadLineAsync(_deadline.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                current = line[7..];
            else if (current == name && line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonElement.Parse(line[6..]);
        }

        throw new InvalidOperationException($"The stream ended before an event '{name}' came.");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _deadline.Dispose();
    }
}
