using System.Buffers.Text;
using System.Diagnostics;
using System.Net.WebSockets;

namespace AspireFeedback.Bench.Load;

/// <summary>
/// One owner's hub connection. It scans what is pushed for ids and ends instead of reading it: JSON of every change read by a full client
/// would cost more than all the rest of the generator.
/// </summary>
internal sealed class OwnerFeed(ClientWebSocket socket, Arrivals arrivals) : IAsyncDisposable
{
    private const byte RecordSeparator = 0x1e;
    /// <summary>The server hangs up on who is silent for 30 s.</summary>
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;

    /// <summary>Why the server ended it; null while it is there.</summary>
    public string? Lost { get; private set; }

    public static async Task<OwnerFeed> OpenAsync(Uri replica, string cookie, Arrivals arrivals, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        socket.Options.Proxy = null;
        await socket.ConnectAsync(new UriBuilder(replica) { Scheme = "ws", Path = "/feedback" }.Uri, cancellationToken);
        var feed = new OwnerFeed(socket, arrivals);
        await feed.SendAsync("""{"protocol":"json","version":1}"""u8, cancellationToken);
        feed._reading = feed.ReadAsync();
        await feed.SendAsync("""{"type":1,"invocationId":"1","target":"Sync","arguments":[{}]}"""u8, cancellationToken);
        await feed._synced.Task.WaitAsync(cancellationToken);
        feed._pinging = feed.PingAsync();
        return feed;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading, _pinging);
        socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var filled = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(filled), _stop.Token) is { MessageType: not WebSocketMessageType.Close } received)
            {
                filled += received.Count;
                var rest = TakeAll(buffer.AsSpan(0, filled), Stopwatch.GetTimestamp());
                buffer.AsSpan(filled - rest, rest).CopyTo(buffer);
                filled = rest;
                if (filled == buffer.Length)
                    Array.Resize(ref buffer, buffer.Length * 2);
            }

            Lost ??= "closed";
        }
        catch (WebSocketException e)
        {
            Lost ??= e.WebSocketErrorCode.ToString();
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }

        _synced.TrySetException(new LoadException($"hub connection lost: {Lost}"));
    }

    /// <returns>How many bytes at the end belong to a record that is not complete.</returns>
    private int TakeAll(ReadOnlySpan<byte> bytes, long at)
    {
        while (bytes.IndexOf(RecordSeparator) is >= 0 and var end)
        {
            Take(bytes[..end], at);
            bytes = bytes[(end + 1)..];
        }

        return bytes.Length;
    }

    private void Take(ReadOnlySpan<byte> record, long at)
    {
        var change = "\"arguments\":[{\"id\":\""u8;
        if (record.StartsWith("{\"type\":1,"u8))
        {
            if (record.IndexOf("\"done\":true"u8) >= 0 && record.IndexOf(change) is >= 0 and var start
                && Utf8Parser.TryParse(record[(start + change.Length)..], out Guid id, out _))
                arrivals.End(id, at, record.IndexOf("\"status\":\"Succeeded\""u8) >= 0);
        }
        else if (record.StartsWith("{\"type\":3,"u8))
            _synced.TrySetResult();
        else if (record.StartsWith("{\"type\":7"u8))
            Lost = System.Text.Encoding.UTF8.GetString(record);
    }

    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(s_ping);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                await SendAsync("""{"type":6}"""u8, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The reading tells.
        }
    }

    private Task SendAsync(ReadOnlySpan<byte> record, CancellationToken cancellationToken) => socket.SendAsync(
        new ArraySegment<byte>([.. record, RecordSeparator]), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
