using AspireFeedback.LocalAspire.Runtime;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>Opens a channel on a connection that it keeps: a round trip through the broker, cheap enough for once a second.</summary>
internal sealed class RabbitMqProbe(Uri address)
{
    private IConnection? _connection;

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        // Before the broker listens, the client's own attempt costs a dozen exceptions, ten times a second.
        if (_connection is null && await TcpProbe.ConnectAsync(address.Host, address.Port, cancellationToken) is { } reason)
            return reason;

        try
        {
            if (_connection is not { IsOpen: true })
            {
                await CloseAsync();
                _connection = await Factory().CreateConnectionAsync(cancellationToken);
            }

            await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return null;
        }
        catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException or IOException)
        {
            return e.GetBaseException().Message;
        }
    }

    public async ValueTask CloseAsync()
    {
        if (_connection is not { } connection)
            return;

        _connection = null;
        // Without waiting for the broker's farewell, which a dead or paused one does not give.
        await connection.AbortAsync(200, "done", TimeSpan.FromMilliseconds(200));
        await connection.DisposeAsync();
    }

    private ConnectionFactory Factory() => new()
    {
        Uri = address,
        ClientProvidedName = "health check",
        AutomaticRecoveryEnabled = false,
        RequestedConnectionTimeout = TimeSpan.FromSeconds(2),
        ContinuationTimeout = TimeSpan.FromSeconds(2),
    };
}
