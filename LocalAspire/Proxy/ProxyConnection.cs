using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace AspireFeedback.LocalAspire.Proxy;

/// <summary>One client and the replica it was given. Reading waits for writing, so a slow reader slows its writer and nothing piles up here.</summary>
internal static class ProxyConnection
{
    private const int BufferSize = 32 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(Socket client, Func<IReadOnlyList<int>> targets, CancellationToken cancellationToken)
    {
        using var _ = client;
        using var replica = await ConnectAsync(targets, cancellationToken);
        if (replica is null)
            return;

        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(CopyAsync(client, replica, broken), CopyAsync(replica, client, broken));
    }

    // A replica may be restarting in this moment: the client waits a little rather than seeing an error that nobody caused.
    private static async Task<Socket?> ConnectAsync(Func<IReadOnlyList<int>> targets, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < s_patience)
        {
            foreach (var port in targets())
            {
                // By number, since resolving "localhost" would cost each connection a trip through the resolver.
                if ((await TryConnectAsync(IPAddress.Loopback, port, cancellationToken)
                    ?? await TryConnectAsync(IPAddress.IPv6Loopback, port, cancellationToken)) is { } socket)
                    return socket;
            }

            await Task.Delay(s_retry, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
                return null;
        }

        return null;
    }

    private static async Task<Socket?> TryConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellationToken);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationTokenSource broken)
    {
        try
        {
            while (true)
            {
                // Waits without a buffer: an idle event stream costs no memory here.
                await from.ReceiveAsync(Memory<byte>.Empty, broken.Token);
                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    var read = await from.ReceiveAsync(buffer, broken.Token);
                    if (read == 0)
                        break;
                    for (var sent = 0; sent < read;)
                        sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), broken.Token);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }

            // Only this direction is over: a client that has sent its request may still be reading the answer.
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A reset on one side is a reset on the other.
            to.LingerState = new LingerOption(true, 0);
            await broken.CancelAsync();
        }
    }
}
