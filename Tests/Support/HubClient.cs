using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using AspireFeedback.Contracts;

namespace AspireFeedback.Tests.Support;

/// <summary>A call of the server: its target and its first argument.</summary>
public sealed record HubCall(string Target, JsonElement Argument);

/// <summary>A SignalR client with just enough of the JSON hub protocol for tests: WebSockets without negotiation, calls both ways.</summary>
public sealed class HubClient : IAsyncDisposable
{
    private const byte RecordSeparator = 0x1e;

    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _invocations = [];
    private readonly Channel<HubCall> _calls = Channel.CreateUnbounded<HubCall>();
    private int _lastId;
    private volatile TaskCompletionSource _reading = Completed();
    private Task _loop = Task.CompletedTask;

    private HubClient(ClientWebSocket socket) => _socket = socket;

    /// <summary>What the server calls, in order. Completes when the connection has ended.</summary>
    public ChannelReader<HubCall> Calls => _calls.Reader;

    /// <summary>How many calls of the server had come when it answered last.</summary>
    public int CallsBeforeAnswer { get; private set; }

    /// <param name="hub">With the scheme <c>ws</c> or <c>wss</c>.</param>
    public static async Task<HubClient> ConnectAsync(Uri hub, Action<ClientWebSocketOptions>? configure, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        configure?.Invoke(socket.Options);
        try
        {
            await socket.ConnectAsync(hub, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        var client = new HubClient(socket);
        await client.SendAsync(new { protocol = "json", version = 1 }, cancellationToken);
        client._loop = client.ReadAsync();
        return client;
    }

    /// <param name="argument">Null: the method takes none.</param>
    /// <exception cref="InvalidOperationException">The server answered with an error.</exception>
    public async Task<JsonElement> InvokeAsync(string method, object? argument, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _invocations[id] = answer;
        await SendAsync(new { type = 1, invocationId = id, target = method, arguments = argument is null ? [] : new[] { argument } }, cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Reads no more from the socket until <see cref="Resume"/>.</summary>
    public void Pause() => _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _reading.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Resume();
        _socket.Abort();
        await _loop;
        _socket.Dispose();
        _sending.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        var message = new MemoryStream();
        try
        {
            while (true)
            {
                await _reading.Task.WaitAsync(_stop.Token);
                var received = await _socket.ReceiveAsync(buffer, _stop.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                for (var i = 0; i < received.Count; i++)
                {
                    if (buffer[i] != RecordSeparator)
                    {
                        message.WriteByte(buffer[i]);
                        continue;
                    }
                    await TakeAsync(JsonSerializer.Deserialize<JsonElement>(message.ToArray(), FeedbackJson.Options));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection has ended, which the channel tells.
        }
        _calls.Writer.TryComplete();
        foreach (var answer in _invocations.Values)
            answer.TrySetException(new InvalidOperationException("The connection has ended."));
    }

    private async Task TakeAsync(JsonElement message)
    {
        switch (message.TryGetProperty("type", out var type) ? type.GetInt32() : 0)
        {
            case 1:
                _calls.Writer.TryWrite(new(message.GetProperty("target").GetString()!, message.GetProperty("arguments")[0]));
                break;
            case 3 when _invocations.TryRemove(message.GetProperty("invocationId").GetString()!, out var answer):
                CallsBeforeAnswer = _calls.Reader.Count;
                if (message.TryGetProperty("error", out var error))
                    answer.TrySetException(new InvalidOperationException(error.GetString()));
                else
                    answer.TrySetResult(message.TryGetProperty("result", out var result) ? result : default);
                break;
            case 6:
                await SendAsync(new { type = 6 }, _stop.Token);
                break;
        }
    }

    private async Task SendAsync(object message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(message, FeedbackJson.Options), RecordSeparator];
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        completed.SetResult();
        return completed;
    }
}
