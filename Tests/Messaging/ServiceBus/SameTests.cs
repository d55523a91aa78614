using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using AspireFeedback.Messaging.Wolverine.ServiceBus;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Tests.Messaging.ServiceBus;

internal static class OnServiceBus
{
    /// <summary>The entities that <c>AppHost/Messaging/ServiceBus.cs</c> makes, for the kinds of the options.</summary>
    public static InProcessBus Bus(IEnumerable<string> kinds, TimeSpan? lockDuration = null)
    {
        var bus = new InProcessBus();
        foreach (var kind in kinds)
            bus.Add(Topology.QueueOf(kind), lockDuration, maxDeliveries: 4);
        bus.Add(Topology.ReportsQueue, lockDuration);
        bus.Add(Topology.Control, lockDuration);
        return bus;
    }

    public static ServiceBusTransport Create(InProcessBus bus, IOptions<RabbitMqOptions> options, ILoggerFactory logs) =>
        new(bus, options, TimeProvider.System, logs.CreateLogger<ServiceBusTransport>());
}

public sealed class ReceivingReportsOnServiceBus(RabbitMqServer server) : ReceivingReportsTests(server)
{
    private InProcessBus? _bus;

    private protected override bool OnRabbitMq => false;

    private protected override bool CountsExactly => false;

    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) =>
        OnServiceBus.Create(_bus ??= OnServiceBus.Bus(options.Value.Kinds), options, logs);
}

public sealed class ControlOnServiceBus(RabbitMqServer server) : ControlTests(server)
{
    private InProcessBus? _bus;

    private protected override bool OnRabbitMq => false;

    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) =>
        OnServiceBus.Create(_bus ??= OnServiceBus.Bus(options.Value.Kinds), options, logs);
}

public sealed class DeadLetterOnServiceBus(RabbitMqServer server) : DeadLetterTests(server)
{
    private InProcessBus? _bus;

    private protected override bool OnRabbitMq => false;

    private protected override ITransport Create(IOptions<RabbitMqOptions> options, ILoggerFactory logs) =>
        OnServiceBus.Create(_bus ??= OnServiceBus.Bus(options.Value.Kinds), options, logs);
}
