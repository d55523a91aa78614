using System.Net;
using System.Net.Sockets;

namespace AspireFeedback.LocalAspire.Proxy;

/// <summary>
/// One address in front of all replicas: each connection goes to a random one, as behind a load balancer without affinity.
/// It moves bytes and knows nothing of HTTP, so WebSockets and event streams live as long as their two ends want.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Socket> _listeners;
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;

    private TcpProxy(List<Socket> listeners, Func<IReadOnlyList<int>> targets)
    {
        _listeners = listeners;
        _accepting = Task.WhenAll(listeners.Select(listener => AcceptAsync(listener, targets)));
    }

    /// <param name="port">The loopback port to listen on.</param>
    /// <param name="targets">The replicas' ports to choose from at this moment, the better ones first where they differ.</param>
    public static TcpProxy Start(int port, Func<IReadOnlyList<int>> targets)
    {
        var listeners = new List<Socket> { Listen(IPAddress.Loopback, port) };
        try
        {
            if (Socket.OSSupportsIPv6)
                listeners.Add(Listen(IPAddress.IPv6Loopback, port));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // IPv6 without a loopback address, as in many containers: "localhost" is 127.0.0.1 there.
        }

        return new TcpProxy(listeners, targets);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await _accepting;
        Task[] open;
        lock (_gate)
            open = [.. _connections];
        await Task.WhenAll(open);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket listener, Func<IReadOnlyList<int>> targets)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(_stopping.Token);
                Track(ProxyConnection.RunAsync(client, targets, _stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of file descriptors, or a client that left already: neither ends the proxy.
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private void Track(Task connection)
    {
        lock (_gate)
            _connections.Add(connection);
        connection.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task connection)
    {
        lock (_gate)
            _connections.Remove(connection);
    }

    private static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1024);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
