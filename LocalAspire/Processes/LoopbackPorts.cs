using System.Net;
using System.Net.Sockets;

namespace AspireFeedback.LocalAspire.Processes;

/// <summary>
/// Hands out free loopback ports below the range from which the kernel takes the ports of outgoing connections: there, a client that reconnects
/// to a stopped server could be given the server's own port, and even connect to itself.
/// </summary>
internal static class LoopbackPorts
{
    private const int First = 15_000;
    private const int Last = 32_000;

    private static readonly Lock s_gate = new();
    private static readonly HashSet<int> s_taken = [];

    public static int Take(int? preferred = null)
    {
        lock (s_gate)
        {
            if (preferred is { } wanted && !s_taken.Contains(wanted) && IsFree(wanted))
            {
                s_taken.Add(wanted);
                return wanted;
            }

            for (var i = 0; i < 1000; i++)
            {
                var port = Random.Shared.Next(First, Last);
                if (!s_taken.Contains(port) && IsFree(port))
                {
                    s_taken.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No free port on loopback between {First} and {Last}.");
    }

    public static void Return(IEnumerable<int> ports)
    {
        lock (s_gate)
            s_taken.ExceptWith(ports);
    }

    public static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException e)
        {
            // No IPv6 address on loopback, as in many containers, leaves nothing to be taken.
            return e.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
