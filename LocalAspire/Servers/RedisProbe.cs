using System.Net.Sockets;
using System.Text;

namespace AspireFeedback.LocalAspire.Servers;

internal static class RedisProbe
{
    /// <summary>AUTH and PING in Redis's inline protocol; a client library would keep a connection and threads for it.</summary>
    public static async Task<string?> CheckAsync(string host, int port, string? password, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancellationToken);
            await using var stream = client.GetStream();
            var authentication = password is { Length: > 0 } ? $"AUTH {password}\r\n" : "";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(authentication + "PING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            string? line;
            do
            {
                line = await reader.ReadLineAsync(cancellationToken);
            }
            while (line == "+OK");
            return line == "+PONG" ? null : line ?? "closed the connection";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return e.Message;
        }
    }
}
