/// <summary>The broker, by default; under <c>UseWolverine=servicebus</c> the other file of this folder takes its place.</summary>
internal static class Broker
{
    public static IResourceBuilder<RabbitMQServerResource> AddBroker(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddRabbitMQ(name).WithDataVolume();
}
