using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class ProjectEnvironmentTests
{
    [Fact]
    public async Task A_replica_gets_its_own_port_and_instance_and_the_launch_profile_and_the_public_address()
    {
        await using var sample = await SampleApplication.StartAsync(2, TestContext.Current.CancellationToken, project => project
            .WithEnvironment("Own__Url", project.GetEndpoint("http"))
            .WithReference(project));
        await sample.HealthyAsync();
        var replicas = sample.App.Replicas("sample");

        foreach (var replica in replicas)
        {
            Task<string> Variable(string name) => SampleApplication.AskAsync(replica, $"/environment/{name}", sample.Deadline);
            (await Variable("ASPNETCORE_URLS")).ShouldBe(replica.Url);
            (await Variable("OTEL_SERVICE_NAME")).ShouldBe("sample");
            (await Variable("OTEL_RESOURCE_ATTRIBUTES")).ShouldBe($"service.instance.id={replica.Name}");
            (await Variable("SAMPLE_PROFILE")).ShouldBe("http");
            (await Variable("Own__Url")).ShouldBe(await Variable("services__sample__http__0"));
            (await Variable("Own__Url")).ShouldNotBe(replica.Url);
        }

        replicas.Select(r => r.Name).ShouldBe(["sample-1", "sample-2"]);
        replicas[0].Url.ShouldNotBe(replicas[1].Url);
    }

    [Fact]
    public async Task A_project_runs_in_its_own_directory()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken);
        await sample.HealthyAsync();

        var directory = await SampleApplication.AskAsync(sample.App.Server("sample"), "/directory", sample.Deadline);

        directory.ShouldBe(Path.GetDirectoryName(new SampleProject().ProjectPath));
    }

    [Fact]
    public async Task Telemetry_has_no_receiver_unless_there_is_one()
    {
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken);
        await sample.HealthyAsync();

        var receiver = await SampleApplication.AskAsync(sample.App.Server("sample"), "/environment/OTEL_EXPORTER_OTLP_ENDPOINT", sample.Deadline);

        receiver.ShouldBe(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") ?? "");
    }

    [Fact]
    public void Connection_strings_are_those_that_Aspire_gives()
    {
        var postgres = Allocated(new PostgresServerResource("postgres", null, null, null) { GeneratedPassword = "secret" });
        var redis = Allocated(new RedisResource("redis", null, null) { GeneratedPassword = "secret" });
        var rabbit = Allocated(new RabbitMQServerResource("messaging", null, null, null) { GeneratedPassword = "secret" });

        postgres.OwnConnectionString.ShouldBe("Host=localhost;Port=1234;Username=postgres;Password=secret");
        redis.OwnConnectionString.ShouldBe("localhost:1234,password=secret");
        rabbit.OwnConnectionString.ShouldBe("amqp://guest:secret@localhost:1234");
    }

    private static T Allocated<T>(T server) where T : ServerResource
    {
        server.Annotations.OfType<EndpointAnnotation>().Single().AllocatedEndpoint = new("tcp", "localhost", 1234);
        return server;
    }
}
