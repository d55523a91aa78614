using System.Net.WebSockets;
using System.Text;

namespace AspireFeedback.Bench.Size;

/// <summary>Many who wait, each on a connection of their own to one replica, over one kind of channel.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int ConnectingAtOnce = 64;
    private readonly CancellationTokenSource _leave = new();
    private readonly List<Task<DateTime?>> _waiting = [];
    private int _connected;

    public int Connected => Volatile.Read(ref _connected);

    /// <param name="wait">Calls its argument once connected, and returns when the end of its request was told, with the time.</param>
    public static async Task<Crowd> GatherAsync(int size, Func<int, Action, CancellationToken, Task<DateTime?>> wait, CancellationToken cancellationToken)
    {
        var crowd = new Crowd();
        for (var n = 0; n < size; n++)
        {
            crowd._waiting.Add(wait(n, () => Interlocked.Increment(ref crowd._connected), crowd._leave.Token));
            while (crowd._waiting.Count - crowd.Connected >= ConnectingAtOnce)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (crowd._waiting.FirstOrDefault(task => task.IsFaulted) is { } failed)
                    await failed;
                await Task.Delay(1, cancellationToken);
            }
        }

        while (crowd.Connected < size)
            await Task.Delay(10, cancellationToken);
        return crowd;
    }

    /// <summary>When each learned of the end; UTC.</summary>
    public async Task<IReadOnlyList<DateTime>> UntilToldAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var times = await Task.WhenAll(_waiting).WaitAsync(patience, cancellationToken);
        return [.. times.OfType<DateTime>().Order()];
    }

    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await ((Task)Task.WhenAll(_waiting)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leave.Dispose();
    }

    /// <summary>Server-sent events of one request.</summary>
    public static async Task<DateTime?> StreamAsync(HttpMessageInvoker http, Uri replica, string cookie, Guid request, Action connected, CancellationToken leave)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(replica, $"/requests/{request}/events"));
        message.Headers.TryAddWithoutValidation("Cookie", cookie);
        message.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        using var response = await http.SendAsync(message, leave);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(leave);
        return await ReadAsync(async buffer => await stream.ReadAsync(buffer, leave), "request-accepted"u8.ToArray(), "request-canceled"u8.ToArray(), connected);
    }

    /// <summary>The hub, which tells of all requests of the owner.</summary>
    public static async Task<DateTime?> HubAsync(Uri replica, string cookie, Action connected, CancellationToken leave)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        socket.Options.Proxy = null;
        await socket.ConnectAsync(new UriBuilder(replica) { Scheme = "ws", Path = "/feedback" }.Uri, leave);
        foreach (var record in (string[])["""{"protocol":"json","version":1}""", """{"type":1,"invocationId":"1","target":"Sync","arguments":[{}]}"""])
            await socket.SendAsync(Encoding.UTF8.GetBytes(record + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, leave);
        return await ReadAsync(async buffer => (await socket.ReceiveAsync(buffer, leave)).Count, "\"invocationId\":\"1\""u8.ToArray(), "request-canceled"u8.ToArray(), connected);
    }

    private static async Task<DateTime?> ReadAsync(Func<Memory<byte>, Task<int>> receive, byte[] first, byte[] last, Action connected)
    {
        var buffer = new byte[4096];
        var filled = 0;
        var isConnected = false;
        while (await receive(buffer.AsMemory(filled)) is > 0 and var count)
        {
            filled += count;
            if (!isConnected && buffer.AsSpan(0, filled).IndexOf(first) >= 0)
            {
                isConnected = true;
                connected();
            }

            if (buffer.AsSpan(0, filled).IndexOf(last) >= 0)
                return DateTime.UtcNow;
            // A word may be cut in two by the end of the buffer.
            if (filled > buffer.Length / 2)
            {
                buffer.AsSpan(filled - last.Length, last.Length).CopyTo(buffer);
                filled = last.Length;
            }
        }

        return null;
    }
}
