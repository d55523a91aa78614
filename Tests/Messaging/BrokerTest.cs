using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

/// <summary>
/// One broker for tests that run one after the other. Each has a kind of its own and finds the shared queues empty. They are purged, not
/// deleted: RabbitMQ 3.10 forgets a quorum queue that was made again under its old name when it is killed soon after (recover: enoent).
/// </summary>
[Collection("RabbitMQ")]
public abstract class BrokerTest(RabbitMqServer server) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _disposables = [];
    private readonly ILoggerFactory _logs = LoggerFactory.Create(builder => builder.AddProvider(new TestOutputLogs()));

    /// <summary>For anything at all; generous, since a loaded machine is slow but not wrong.</summary>
    protected static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(60);

    protected string Kind { get; } = $"test-{Guid.CreateVersion7()}";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected RabbitMqServer Server => server;

    public async ValueTask InitializeAsync()
    {
        if (!OnRabbitMq)
            return;
        await server.EnsureStartedAsync(Cancellation);
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.QueueDeleteAsync(Topology.ControlQueue, ifUnused: false, ifEmpty: false, cancellationToken: Cancellation);
        await new Topology([Kind]).DeclareAsync(channel, Cancellation);
        foreach (var queue in (string[])[Topology.ReportsQueue, Topology.DeadQueue, Topology.DeadReportsQueue])
        {
            // What the last test left unsettled is back in its queue when its consumer is gone.
            await UntilAsync(async () => await channel.ConsumerCountAsync(queue, Cancellation) == 0);
            await channel.QueuePurgeAsync(queue, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in Enumerable.Reverse(_disposables))
        {
            await disposable.DisposeAsync();
        }

        if (OnRabbitMq)
        {
            await using (var connection = await ConnectAsync())
            await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation))
            {
                await channel.QueueDeleteAsync(Topology.QueueOf(Kind), ifUnused: false, ifEmpty: false, cancellationToken: Cancellation);
            }

            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(server.Log);
            }
        }

        _logs.Dispose();
        GC.SuppressFinalize(this);
    }

    internal ITransport Transport(Action<RabbitMqOptions>? configure = null)
    {
        var options = new RabbitMqOptions { ConnectionString = server.ConnectionString, Kinds = [Kind], HandlerBackoff = TimeSpan.FromMilliseconds(50) };
        configure?.Invoke(options);
        return Keep(Create(Options.Create(options), _logs));
    }

    /// <summary>What stands in <c>Tests/Messaging/Wolverine</c> runs the same tests on another transport.</summary>
    private protected virtual ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) =>
        new RabbitMqTransport(options, TimeProvider.System, logs.CreateLogger<RabbitMqTransport>());

    /// <summary>Whether there is a broker to be started and cleaned.</summary>
    private protected virtual bool OnRabbitMq => true;

    /// <summary>Whether it counts what is ready, instead of telling whether anything is.</summary>
    private protected virtual bool CountsExactly => true;

    /// <summary>Whether it hears of messages that no queue takes.</summary>
    private protected virtual bool PublishesMandatory => true;

    /// <summary>Headers that a client library adds by itself.</summary>
    private protected virtual IReadOnlyList<string> LibraryHeaders => [];

    internal async Task<ITransport> ConnectedTransportAsync(Action<RabbitMqOptions>? configure = null)
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

    protected static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string expected = "") =>
        UntilAsync(() => Task.FromResult(condition()), expected);

    protected static async Task UntilAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string expected = "")
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Deadline, expected);
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
