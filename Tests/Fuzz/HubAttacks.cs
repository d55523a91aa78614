using System.Net.WebSockets;
using System.Text;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>The hub with frames that are none.</summary>
internal static class HubAttacks
{
    private const string Handshake = """{"protocol":"json","version":1}""";

    private static readonly string[] Frames =
    [
        "", "{", "[]", "null", "17", "{}", """{"type":0}""", """{"type":99}""", """{"type":"x"}""", """{"type":1}""", """{"type":1,"target":"Sync"}""", """{"type":1,"target":"Nothing","arguments":[]}""",
        """{"type":1,"invocationId":"1","target":"Sync","arguments":[]}""", """{"type":1,"invocationId":"1","target":"Sync","arguments":[null]}""",
        """{"type":1,"invocationId":"1","target":"Sync","arguments":[17]}""", """{"type":1,"invocationId":"1","target":"Sync","arguments":[{},{}]}""",
        """{"type":1,"invocationId":"1","target":"Sync","arguments":[{"since":"\u0000","known":{}}]}""", """{"type":1,"invocationId":"1","target":"Sync","arguments":[{"since":"tffffffffffffffff"}]}""",
        """{"type":1,"invocationId":"1","target":"Sync","arguments":[{"known":{"x":1}}]}""", """{"type":1,"invocationId":"1","target":"Sync","arguments":[{"known":{"ID":-1}}]}""",
        """{"type":1,"invocationId":"1","target":"Sync","arguments":[{"known":{"ID":2147483647}}]}""", """{"type":1,"invocationId":"1","target":"Sync","arguments":[{"known":{"ID":-2147483648}}]}""",
        """{"type":1,"invocationId":"1","target":"Sync","arguments":[{"known":{"ID":1e99}}]}""", """{"type":1,"invocationId":"1","target":"Sync","arguments":[{}]}""",
        """{"type":1,"invocationId":"1","target":"Dispose","arguments":[]}""", """{"type":1,"invocationId":"1","target":"OnConnectedAsync","arguments":[]}""",
        """{"type":4,"invocationId":"1","target":"Sync","arguments":[{}]}""", """{"type":5,"invocationId":"1"}""", """{"type":3,"invocationId":"1","result":{}}""", """{"type":6}""", """{"type":7}""", "\ud83d\ude00",
    ];

    public static IReadOnlyList<Attack> All { get; } = [TalkAsync];

    private static async Task TalkAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket();
        var known = target.Submits.TryPeek(out var any) ? any : new(Guid.NewGuid(), 0, 0);
        socket.Options.SetRequestHeader("Cookie", target.Cookies[known.Person]);
        await socket.ConnectAsync(new UriBuilder(target.Url) { Scheme = "ws", Path = "/feedback" }.Uri, limit.Token);
        var reading = ReadAsync(socket, limit.Token);
        try
        {
            await SendAsync(socket, random.Next(4) == 0 ? Hostile.Pick(random, Frames) : Handshake, random, limit.Token);
            for (var n = random.Next(1, 8); n > 0; n--)
                await SendAsync(socket, Frame(random).Replace("ID", known.Id.ToString(), StringComparison.Ordinal), random, limit.Token);
            if (random.Next(3) == 0)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (WebSocketException)
        {
            // The server has closed it, as it may.
        }

        await Task.Delay(random.Next(50), limit.Token);
        socket.Abort();
        await reading;
    }

    private static string Frame(Random random) => random.Next(8) switch
    {
        0 => Encoding.UTF8.GetString(HostileJson.Body(random)),
        1 => $$$"""{"type":1,"invocationId":"1","target":"Sync","arguments":[{"known":{{{{string.Join(',', Enumerable.Range(0, random.Next(900, 3_500)).Select(_ => $"\"{Hostile.NewId(random)}\":1"))}}}}}]}""",
        _ => Hostile.Pick(random, Frames),
    };

    private static Task SendAsync(ClientWebSocket socket, string frame, Random random, CancellationToken cancellationToken)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(frame), .. random.Next(10) == 0 ? Array.Empty<byte>() : [0x1e]];
        return socket.SendAsync(bytes, random.Next(10) == 0 ? WebSocketMessageType.Binary : WebSocketMessageType.Text, endOfMessage: random.Next(10) != 0, cancellationToken);
    }

    private static async Task ReadAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer, cancellationToken)).MessageType is not WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Its end.
        }
    }
}
