using System.Net.Sockets;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>
/// Asks for the names that are registered (NAMES_REQ of the Erlang distribution protocol): whoever only connects and says nothing gets a complaint
/// into epmd's output, every second.
/// </summary>
internal static class EpmdProbe
{
    private const byte NamesRequest = 110;
    private const int BytesOfPort = 4;

    public static async Task<string?> AskAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync(new byte[] { 0, 1, NamesRequest }, cancellationToken);
            await stream.ReadExactlyAsync(new byte[BytesOfPort], cancellationToken);
            return null;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return e.Message;
        }
    }
}
