using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Programs;
using AspireFeedback.LocalAspire.Servers;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Makes the instances of a resource, each with its own ports, log and workload.</summary>
internal sealed class InstanceFactory(
    DataDirectory data, Undertaker undertaker, ResourceNotificationService notifications, TelemetryTarget? telemetry, List<int> ports,
    ConsoleOrder console)
{
    // Longer than a server takes to start on a machine that is not very slow.
    private readonly StartTurns _turns = new(Environment.ProcessorCount, TimeSpan.FromSeconds(8));

    public IEnumerable<Instance> For(IResource resource) => resource switch
    {
        PostgresServerResource postgres => [Make(postgres, postgres.Name, log => new PostgresWorkload(postgres, DataOf(postgres), log, undertaker))],
        RedisResource redis => [Make(redis, redis.Name, _ => new RedisWorkload(redis, DataOf(redis)))],
        RabbitMQServerResource rabbit => WithPortMapper(rabbit),
        ProjectResource or ExecutableResource => Replicas(resource),
        _ => [],
    };

    private IEnumerable<Instance> WithPortMapper(RabbitMQServerResource rabbit)
    {
        var (epmd, distribution) = (Take(), Take());
        yield return Make(rabbit, $"{rabbit.Name}-epmd", _ => new EpmdWorkload(epmd, DataOf(rabbit)));
        yield return Make(rabbit, rabbit.Name, _ => new RabbitMqWorkload(rabbit, DataOf(rabbit), epmd, distribution));
    }

    private IEnumerable<Instance> Replicas(IResource resource)
    {
        var count = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        for (var i = 1; i <= count; i++)
        {
            var id = count == 1 ? resource.Name : $"{resource.Name}-{i}";
            var own = resource.Annotations.OfType<EndpointAnnotation>().ToDictionary(e => e.Name, PortBehind);
            yield return Make(resource, id, _ => new ProgramWorkload(resource, id, own, telemetry));
        }
    }

    private int PortBehind(EndpointAnnotation endpoint) => !endpoint.IsProxied ? endpoint.AllocatedEndpoint!.Port : endpoint.TargetPort ?? Take();

    private Instance Make(IResource resource, string id, Func<ResourceLog, Workload> workload)
    {
        var log = new ResourceLog(data.Of("logs", id + ".log"), console);
        return new Instance(resource, id, workload(log), log, undertaker, notifications, _turns);
    }

    private string DataOf(IResource server)
    {
        var keep = server.Annotations.OfType<DataVolumeAnnotation>().Any();
        var directory = data.Of(server.Name);
        if (!keep && Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        return directory;
    }

    private int Take()
    {
        var port = LoopbackPorts.Take();
        ports.Add(port);
        return port;
    }
}
