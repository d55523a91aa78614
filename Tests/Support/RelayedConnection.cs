using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace AspireFeedback.Tests.Support;

/// <summary>One connection through an <see cref="AmqpRelay"/>. It ends on both sides when it ends on one, whatever is held.</summary>
internal sealed class RelayedConnection(AmqpRelay relay, TcpClient near, TcpClient far)
{
    private static readonly string[] Roles = ["publish", "consume"];

    /// <summary>What the client calls itself after the colon, once it has said so.</summary>
    public string? Role { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        (near.NoDelay, far.NoDelay) = (true, true);
        await Task.WhenAll(
            PumpAsync(near.GetStream(), far.GetStream(), AmqpSide.Client, cancellationToken),
            PumpAsync(far.GetStream(), near.GetStream(), AmqpSide.Broker, cancellationToken));
    }

    public void Close()
    {
        near.Close();
        far.Close();
    }

    /// <summary>Reading goes on while something is held, or the end of the connection would go unseen.</summary>
    private async Task PumpAsync(NetworkStream from, NetworkStream to, AmqpSide side, CancellationToken cancellationToken)
    {
        var frames = Channel.CreateUnbounded<AmqpFrame>();
        var reading = ReadAsync(from, side, frames.Writer, cancellationToken);
        try
        {
            await foreach (var frame in frames.Reader.ReadAllAsync(cancellationToken))
            {
                while (relay.HoldOf(side, frame) is { } hold)
                {
                    if (await Task.WhenAny(hold.Released, reading) == reading)
                        return;
                }

                await to.WriteAsync(frame.Bytes, cancellationToken);
                relay.CountPassed(side, frame);
            }
        }
        catch (Exception e) when (HasEnded(e))
        {
            // The other side of the relay has closed, or the test.
        }
        finally
        {
            Close();
        }

        await reading;
    }

    private async Task ReadAsync(NetworkStream from, AmqpSide side, ChannelWriter<AmqpFrame> frames, CancellationToken cancellationToken)
    {
        try
        {
            if (side is AmqpSide.Client)
                await frames.WriteAsync(await AmqpFrame.ReadGreetingAsync(from, cancellationToken), cancellationToken);
            while (true)
            {
                var frame = await AmqpFrame.ReadAsync(from, cancellationToken);
                if (frame.Method is AmqpMethod.StartOk)
                    TakeRole(frame);
                await frames.WriteAsync(frame, cancellationToken);
            }
        }
        catch (Exception e) when (HasEnded(e))
        {
            frames.Complete();
        }
    }

    private void TakeRole(AmqpFrame startOk)
    {
        var text = Encoding.Latin1.GetString(startOk.Bytes);
        Role = Roles.FirstOrDefault(role => text.Contains($":{role}", StringComparison.Ordinal));
        if (relay.IsCut(this))
            Close();
    }

    private static bool HasEnded(Exception e) =>
        e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
