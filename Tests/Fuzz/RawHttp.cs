using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>What came back on a raw connection. Status 0: nothing, the server has closed it.</summary>
internal sealed record RawAnswer(int Status, string Head, byte[] Body)
{
    public string? ContentType => Head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)).Select(line => line["Content-Type:".Length..].Split(';')[0].Trim()).FirstOrDefault();
}

/// <summary>A connection on which anything can be written: HttpClient is too polite.</summary>
internal sealed class RawHttp : IDisposable
{
    private const int MostBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private RawHttp()
    {
    }

    public static async Task<RawHttp> ConnectAsync(Uri server, CancellationToken cancellationToken)
    {
        var connection = new RawHttp();
        await connection._socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        return connection;
    }

    /// <returns>False: the server does not listen any more.</returns>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
                sent += await _socket.SendAsync(bytes[sent..], cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public Task<bool> SendAsync(string text, CancellationToken cancellationToken) => SendAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    /// <summary>Says that nothing more comes, and still listens.</summary>
    public void HalfClose()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server was first.
        }
    }

    /// <summary>Gone without a word: a reset where bytes were under way.</summary>
    public void Vanish() => _socket.Close(timeout: 0);

    /// <summary>Everything until the server closes, which a call with Connection: close makes it do.</summary>
    public async Task<RawAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var received = new MemoryStream();
        var buffer = new byte[32 * 1024];
        try
        {
            while (received.Length < MostBytes && await _socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
                received.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // A reset after the answer, since the server did not want the rest of the body.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No end of the answer within {Patience.TotalSeconds} s: {Encoding.Latin1.GetString(received.ToArray(), 0, (int)Math.Min(received.Length, 500))}");
        }

        return Parse(received.ToArray());
    }

    public void Dispose() => _socket.Dispose();

    private static RawAnswer Parse(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        // What Expect asks for comes before the answer.
        if (text.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal))
            text = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || !text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            return new(0, text, []);
        var (head, body) = (text[..end], text[(end + 4)..]);
        return new(int.Parse(head.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), head, Encoding.Latin1.GetBytes(
            head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) ? Unchunk(body) : body));
    }

    private static string Unchunk(string body)
    {
        var whole = new StringBuilder();
        while (body.IndexOf("\r\n", StringComparison.Ordinal) is > 0 and var line && Convert.ToInt32(body[..line], 16) is > 0 and var size && body.Length >= line + 2 + size)
        {
            whole.Append(body.AsSpan(line + 2, size));
            body = body[Math.Min(body.Length, line + 4 + size)..];
        }

        return whole.ToString();
    }
}
