using System.Net;
using System.Net.Sockets;
using System.Text;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Proxy;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class ProxyTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly int _port = LoopbackPorts.Take();
    private readonly TcpListener _first = Listen();
    private readonly TcpListener _second = Listen();

    public ProxyTests() => _deadline.CancelAfter(TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Connections_are_spread_over_all_replicas()
    {
        await using var proxy = TcpProxy.Start(_port, () => RandomOrder.Of([(Port(_first), true, true), (Port(_second), true, true)]));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token);
        var counts = Task.WhenAll(CountAsync(_first, stop.Token), CountAsync(_second, stop.Token));

        for (var i = 0; i < 40; i++)
        {
            using var client = await ConnectAsync();
            await client.GetStream().ReadExactlyAsync(new byte[1], _deadline.Token);
        }

        await stop.CancelAsync();
        (await counts).ShouldAllBe(count => count > 5);
    }

    [Fact]
    public async Task A_refused_connection_goes_to_another_replica()
    {
        var dead = LoopbackPorts.Take();
        await using var proxy = TcpProxy.Start(_port, () => [dead, Port(_first)]);

        using var client = await ConnectAsync();
        using var server = await _first.AcceptTcpClientAsync(_deadline.Token);

        (await RoundTripAsync(client, server)).ShouldBe("hello");
    }

    [Fact]
    public async Task A_client_waits_for_a_replica_that_is_just_starting()
    {
        IReadOnlyList<int> targets = [];
        await using var proxy = TcpProxy.Start(_port, () => Volatile.Read(ref targets));
        using var client = await ConnectAsync();

        Volatile.Write(ref targets, [Port(_first)]);
        using var server = await _first.AcceptTcpClientAsync(_deadline.Token);

        (await RoundTripAsync(client, server)).ShouldBe("hello");
    }

    [Fact]
    public async Task A_client_that_has_said_everything_still_hears_the_answer()
    {
        await using var proxy = TcpProxy.Start(_port, () => [Port(_first)]);
        using var client = await ConnectAsync();
        using var server = await _first.AcceptTcpClientAsync(_deadline.Token);

        var (atClient, atServer) = (client.GetStream(), server.GetStream());
        await atClient.WriteAsync("question"u8.ToArray(), _deadline.Token);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(atServer);
        var heard = await reader.ReadToEndAsync(_deadline.Token);
        await atServer.WriteAsync("answer"u8.ToArray(), _deadline.Token);
        server.Client.Shutdown(SocketShutdown.Send);
        using var answer = new StreamReader(atClient);

        heard.ShouldBe("question");
        (await answer.ReadToEndAsync(_deadline.Token)).ShouldBe("answer");
    }

    [Fact]
    public async Task A_reader_that_does_not_read_stops_its_writer_and_loses_nothing()
    {
        await using var proxy = TcpProxy.Start(_port, () => [Port(_first)]);
        using var client = await ConnectAsync();
        using var server = await _first.AcceptTcpClientAsync(_deadline.Token);
        const int total = 64 * 1024 * 1024;
        var written = 0;

        var writing = Task.Run(async () =>
        {
            var block = new byte[256 * 1024];
            for (; written < total; written += block.Length)
                await server.GetStream().WriteAsync(block, _deadline.Token);
            server.Client.Shutdown(SocketShutdown.Send);
        }, _deadline.Token);
        var stuck = 0;
        for (var last = -1; stuck < 5; last = written)
        {
            stuck = written == last ? stuck + 1 : 0;
            await Task.Delay(50, _deadline.Token);
        }

        written.ShouldBeLessThan(total);
        var read = 0L;
        var buffer = new byte[256 * 1024];
        while (await client.GetStream().ReadAsync(buffer, _deadline.Token) is > 0 and var bytes)
            read += bytes;
        await writing;
        read.ShouldBe(total);
    }

    [Fact]
    public async Task A_broken_replica_breaks_the_connection()
    {
        await using var proxy = TcpProxy.Start(_port, () => [Port(_first)]);
        using var client = await ConnectAsync();
        var stream = client.GetStream();
        using var server = await _first.AcceptTcpClientAsync(_deadline.Token);
        // Until the first byte the proxy may take a reset for a refusal, and rightly try again.
        await RoundTripAsync(client, server);

        server.Client.Close(0);

        await Should.ThrowAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1], _deadline.Token));
    }

    [Fact]
    public void Healthy_replicas_come_before_those_that_only_run_and_the_dead_are_left_out()
    {
        RandomOrder.Of([(1, true, false), (2, true, true), (3, false, false)]).ShouldBe([2, 1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _deadline.CancelAsync();
        _first.Dispose();
        _second.Dispose();
        _deadline.Dispose();
        LoopbackPorts.Return([_port]);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync("localhost", _port, _deadline.Token);
        return client;
    }

    private async Task<string> RoundTripAsync(TcpClient client, TcpClient server)
    {
        await server.GetStream().WriteAsync("hello"u8.ToArray(), _deadline.Token);
        var buffer = new byte[5];
        await client.GetStream().ReadExactlyAsync(buffer, _deadline.Token);
        return Encoding.ASCII.GetString(buffer);
    }

    private static async Task<int> CountAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        for (var count = 0; ; count++)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                await client.GetStream().WriteAsync(new byte[1], cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }
}
