using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using AspireFeedback.Messaging.Wolverine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Tests.Messaging.Wolverine;

internal static class OnWolverine
{
    public static ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) =>
        new WolverineTransport(options, TimeProvider.System, logs.CreateLogger<WolverineTransport>());
}

public sealed class SendingOnWolverine(RabbitMqServer server) : SendingTests(server)
{
    private protected override bool PublishesMandatory => false;

    /// <summary>RabbitMQ's client finds a confirm's message by it.</summary>
    private protected override IReadOnlyList<string> LibraryHeaders => ["x-dotnet-pub-seq-no"];

    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);
}

public sealed class ReceivingWorkOnWolverine(RabbitMqServer server) : ReceivingWorkTests(server)
{
    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);
}

public sealed class ReceivingReportsOnWolverine(RabbitMqServer server) : ReceivingReportsTests(server)
{
    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);
}

public sealed class ControlOnWolverine(RabbitMqServer server) : ControlTests(server)
{
    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);
}

public sealed class DeadLetterOnWolverine(RabbitMqServer server) : DeadLetterTests(server)
{
    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);
}

public sealed class HostileMessageOnWolverine(RabbitMqServer server) : HostileMessageTests(server)
{
    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);
}

public sealed class LostConnectionOnWolverine(RabbitMqServer server) : LostConnectionTests(server)
{
    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);
}

public sealed class BrokerRestartOnWolverine(RabbitMqServer server) : BrokerRestartTests(server)
{
    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) => OnWolverine.Create(options, logs);
}
