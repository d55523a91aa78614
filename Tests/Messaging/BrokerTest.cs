using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

/// <summary>One broker, whose queues every test finds empty; so these tests run one after the other.</summary>
[Collection("RabbitMQ")]
public abstract class BrokerTest(RabbitMqServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly List<IAsyncDisposable> _disposables = [];
    private readonly ILoggerFactory _logs = LoggerFactory.Create(builder => builder.AddProvider(new TestOutputLogs()));

    protected static string Kind => "test-echo";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected RabbitMqServer Server => server;

    public async ValueTask InitializeAsync()
    {
        await server.EnsureStartedAsync(Cancellation);
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        foreach (var queue in (string[])[Topology.QueueOf(Kind), Topology.ReportsQueue, Topology.ControlQueue, Topology.DeadQueue, Topology.DeadReportsQueue])
        {
            await channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in Enumerable.Reverse(_disposables))
        {
            await disposable.DisposeAsync();
        }

        _logs.Dispose();
        GC.SuppressFinalize(this);
    }

    internal RabbitMqTransport Transport(Action<RabbitMqOptions>? configure = null)
    {
        var options = new RabbitMqOptions { ConnectionString = server.ConnectionString, Kinds = [Kind], HandlerBackoff = TimeSpan.FromMilliseconds(50) };
        configure?.Invoke(options);
        return Keep(new RabbitMqTransport(Options.Create(options), TimeProvider.System, _logs.CreateLogger<RabbitMqTransport>()));
    }

    internal async Task<RabbitMqTransport> ConnectedTransportAsync(Action<RabbitMqOptions>? configure = null)
    {
        var transport = Transport(configure);
        await UntilAsync(() => transport.IsConnected);
        return transport;
    }

    protected Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new(server.ConnectionString) }.CreateConnectionAsync(Cancellation);

    protected async Task<IChannel> RawChannelAsync() => Keep(await Keep(await ConnectAsync()).CreateChannelAsync(cancellationToken: Cancellation));

    protected T Keep<T>(T disposable)
        where T : IAsyncDisposable
    {
        _disposables.Add(disposable);
        return disposable;
    }

    protected static Message Work(string text = "hello") => NewMessage(MessageTypes.Work, text);

    protected static Message Report(string text = "hello") => NewMessage(MessageTypes.Report, text);

    protected static string TextOf(Message message) => Encoding.UTF8.GetString(message.Body.Span).Trim('"');

    protected static async Task UntilAsync(Func<bool> condition, TimeSpan? deadline = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(deadline ?? Deadline);
            await Task.Delay(10, Cancellation);
        }
    }

    protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Deadline);
            await Task.Delay(10, Cancellation);
        }
    }

    private static Message NewMessage(string type, string text) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), type, Encoding.UTF8.GetBytes($"\"{text}\"")) { Attempt = 1, Hop = 1 };

    private sealed class TestOutputLogs : ILoggerProvider, ILogger
    {
        private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                _output?.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {formatter(state, exception)} {exception?.Message}");
            }
            catch (InvalidOperationException)
            {
                // The test has ended.
            }
        }

        public void Dispose()
        {
        }
    }
}

internal static class Collected
{
    public static void AddAll<T>(this ConcurrentBag<T> bag, IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            bag.Add(item);
        }
    }
}
