using System.Net.Sockets;

namespace AspireFeedback.LocalAspire.Runtime;

internal static class TcpProbe
{
    /// <summary>Null when something listens.</summary>
    public static async Task<string?> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancellationToken);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }
}
