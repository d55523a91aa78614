using System.Collections.Concurrent;
using AspireFeedback.Messaging.RabbitMq;
using JasperFx.CodeGeneration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Configuration;
using Wolverine.RabbitMQ;
using Wolverine.RabbitMQ.Internal;
using Wolverine.Runtime;
using Wolverine.Transports;
using Wolverine.Transports.Sending;

namespace AspireFeedback.Messaging.Wolverine;

/// <summary>
/// Wolverine's runtime on one connection of the broker, without any of its handlers: senders and listeners alone. It ends with that connection and is
/// not recovered: what was taken through it is the broker's again, and who still holds it must be able to tell.
/// </summary>
internal sealed class WolverineLink : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly IHost _host;
    private readonly IWolverineRuntime _runtime;
    private readonly global::Wolverine.RabbitMQ.Internal.RabbitMqTransport _broker;
    private readonly ProtocolMapper _mapper = new();
    private readonly ConcurrentDictionary<(string Exchange, string Key), Lazy<Task<ISender>>> _senders = new();
    private readonly CancellationTokenSource _lost = new();

    private WolverineLink(IHost host)
    {
        _host = host;
        _runtime = host.Services.GetRequiredService<IWolverineRuntime>();
        _broker = _runtime.Options.Transports.GetOrCreate<global::Wolverine.RabbitMQ.Internal.RabbitMqTransport>();
    }

    /// <summary>Fires when the connection is gone.</summary>
    public CancellationToken Lost => _lost.Token;

    public static async Task<WolverineLink> OpenAsync(RabbitMqOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = options.ApplicationName });
        builder.Logging.AddProvider(new ErrorsOnly(logger));
        builder.UseWolverine(wolverine =>
        {
            wolverine.ServiceName = options.ApplicationName;
            wolverine.Discovery.DisableConventionalDiscovery();
            wolverine.Durability.Mode = DurabilityMode.Solo;
            // No handlers, no code to make for them, and no compiler needed for it.
            wolverine.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
            wolverine.UseRabbitMq(factory => factory.Uri = new(options.ConnectionString))
                .DisableSystemRequestReplyQueueDeclaration()
                .ConfigureChannelCreation(channel =>
                {
                    channel.PublisherConfirmationsEnabled = true;
                    channel.PublisherConfirmationTrackingEnabled = true;
                });
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new(host);
        }
        catch
        {
            await CloseAsync(host);
            throw;
        }
    }

    /// <summary>Completes when the broker has confirmed it; throws when it has not.</summary>
    public async Task SendAsync(string exchange, string key, Message message)
    {
        var sender = await _senders.GetOrAdd((exchange, key), to => new(() => StartSenderAsync(to.Exchange, to.Key))).Value;
        await sender.SendAsync(new() { Message = message, Data = message.Body.ToArray(), ContentType = "application/json" });
    }

    /// <param name="arguments">Of the consumer.</param>
    public async Task<IListener> ListenAsync(string queue, ushort prefetch, IReceiver receiver, IReadOnlyDictionary<string, object?>? arguments)
    {
        var endpoint = _broker.Queues[queue];
        lock (endpoint)
        {
            endpoint.EnvelopeMapper = _mapper;
            endpoint.PreFetchCount = prefetch;
            endpoint.DrainWaitForPrefetch = true; // once a listener has stopped, everything that it was given is known
            foreach (var (name, value) in arguments ?? new Dictionary<string, object?>())
                endpoint.ConsumerArguments[name] = value;
        }

        return await _broker.BuildListenerAsync(_runtime, receiver, endpoint);
    }

    public void Lose() => _lost.Cancel();

    public async ValueTask DisposeAsync()
    {
        Lose();
        await CloseAsync(_host);
        _lost.Dispose();
    }

    /// <summary>Its channel is opened before anybody sends: those who come just as the first one opens it, Wolverine would turn away as disconnected.</summary>
    private async Task<ISender> StartSenderAsync(string exchange, string key)
    {
        var sender = _broker.BuildSender(EndpointOf(exchange, key), RoutingMode.Static, _runtime);
        await sender.PingAsync();
        return sender;
    }

    private RabbitMqEndpoint EndpointOf(string exchange, string key)
    {
        RabbitMqEndpoint endpoint = exchange.Length == 0 ? _broker.Queues[key] : _broker.Exchanges[exchange].Routings[key];
        endpoint.EnvelopeMapper = _mapper;
        return endpoint;
    }

    /// <summary>It may be waiting for a broker that is gone.</summary>
    private static async Task CloseAsync(IHost host)
    {
        using var limit = new CancellationTokenSource(StopTimeout);
        await host.StopAsync(limit.Token).WaitAsync(StopTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        host.Dispose();
    }

    /// <summary>Wolverine tells of every channel, and warns that it has no handlers; here only what is wrong is told, under this transport's name.</summary>
    private sealed class ErrorsOnly(ILogger logger) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error && logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                logger.Log(logLevel, eventId, state, exception, formatter);
        }

        public void Dispose()
        {
        }
    }
}
