using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AspireFeedback.Tests.Support;

/// <summary>
/// Stands between one process and its broker and understands just enough of AMQP to stop the conversation at a chosen word. So a test can kill the
/// process between two steps that lie microseconds apart, without a hook in it.
/// </summary>
internal sealed class AmqpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<RelayedConnection, bool> _open = new();
    private readonly ConcurrentDictionary<(AmqpSide, AmqpMethod), int> _passed = new();
    private readonly ConcurrentBag<AmqpHold> _holds = [];
    private readonly Uri _broker;
    private readonly Task _accepting;
    private volatile IReadOnlyCollection<string> _cut = [];

    public AmqpRelay(string connectionString)
    {
        _broker = new(connectionString);
        _listener.Start();
        ConnectionString = new UriBuilder(_broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.ToString();
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>How many frames of this kind have got through.</summary>
    public int Passed(AmqpSide side, AmqpMethod method) => _passed.GetValueOrDefault((side, method));

    public AmqpHold Hold(AmqpSide side, AmqpMethod method)
    {
        var hold = new AmqpHold(side, method);
        _holds.Add(hold);
        return hold;
    }

    /// <summary>Breaks the connections of these roles (<c>publish</c>, <c>consume</c>) and lets none be made until <see cref="Mend"/>.</summary>
    public void Cut(params string[] roles)
    {
        _cut = roles;
        foreach (var connection in _open.Keys.Where(IsCut))
            connection.Close();
    }

    /// <summary>Holds nothing and cuts nothing any more.</summary>
    public void Mend()
    {
        _cut = [];
        while (_holds.TryTake(out var hold))
            hold.Dispose();
    }

    public bool IsCut(RelayedConnection connection) => connection.Role is { } role && _cut.Contains(role);

    public AmqpHold? HoldOf(AmqpSide side, AmqpFrame frame) => _holds.FirstOrDefault(hold => hold.Stops(side, frame));

    public void CountPassed(AmqpSide side, AmqpFrame frame) => _passed.AddOrUpdate((side, frame.Method), 1, (_, count) => count + 1);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var connection in _open.Keys)
            connection.Close();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var links = new List<Task>();
        try
        {
            while (true)
                links.Add(LinkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task LinkAsync(TcpClient near)
    {
        using (near)
        using (var far = new TcpClient())
        {
            var connection = new RelayedConnection(this, near, far);
            try
            {
                await far.ConnectAsync("127.0.0.1", _broker.Port, _stop.Token);
                _open.TryAdd(connection, true);
                await connection.RunAsync(_stop.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // There is no broker at the moment; whoever connects sees the connection end.
            }

            _open.TryRemove(connection, out _);
        }
    }
}
