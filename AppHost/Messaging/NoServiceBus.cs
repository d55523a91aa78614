/// <summary>In place of the broker under <c>UseWolverine=servicebus</c> on LocalAspire, which has no emulator of Service Bus.</summary>
internal static class Broker
{
    public static IResourceBuilder<RabbitMQServerResource> AddBroker(this IDistributedApplicationBuilder builder, string name) =>
        throw new DistributedApplicationException($"'{name}' is Azure Service Bus, which only Aspire has: add -p:UseAspire=true -p:UseAspireClients=true.");
}
