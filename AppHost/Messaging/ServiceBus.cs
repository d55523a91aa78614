using Aspire.Hosting.Azure;

/// <summary>The broker under <c>UseWolverine=servicebus</c>, with all that is in it: Web and Backend need no right to manage it.</summary>
internal static class Broker
{
    private static readonly string[] Kinds = ["echo", "csv-profile", "checkout", "checkout-stock", "checkout-shipping"];

    public static IResourceBuilder<AzureServiceBusResource> AddBroker(this IDistributedApplicationBuilder builder, string name)
    {
        var bus = builder.AddAzureServiceBus(name).RunAsEmulator();
        // RabbitMQ's limit of three counts what comes after the first delivery, this one each.
        foreach (var kind in Kinds)
            bus.AddServiceBusQueue($"requests-{kind}", $"requests.{kind}").WithProperties(queue => queue.MaxDeliveryCount = 4);
        // Reports come back whenever the log's database is away, and a backend reads the last day's orders when it starts. The emulator starts with
        // neither more than ten deliveries nor more than an hour.
        var (deliveries, kept) = builder.ExecutionContext.IsRunMode ? (10, TimeSpan.FromHours(1)) : (int.MaxValue, TimeSpan.FromDays(1));
        bus.AddServiceBusQueue("reports").WithProperties(queue => queue.MaxDeliveryCount = deliveries);
        bus.AddServiceBusTopic("control", "feedback.control")
            .WithProperties(topic => topic.DefaultMessageTimeToLive = kept)
            .AddServiceBusSubscription("past");
        return bus;
    }
}
