using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>A RabbitMQ node of its own: own port mapper, own cookie, own data; nothing of the machine's configuration.</summary>
internal sealed class RabbitMqWorkload(RabbitMQServerResource resource, string directory, int epmdPort, int distributionPort) : Workload
{
    private readonly RabbitMqProbe _probe = new(new Uri(resource.OwnConnectionString));

    public override string? Url => $"localhost:{resource.PrimaryEndpoint.Port}";

    public override TimeSpan Grace => TimeSpan.FromSeconds(6);

    public override async Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory, DataDirectory.Private);
        var management = resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => e.Name == "management")?.AllocatedEndpoint;
        await File.WriteAllTextAsync(InDirectory("rabbitmq.conf"), Configuration(management?.Port), cancellationToken);
        await File.WriteAllTextAsync(InDirectory("enabled_plugins"), management is null ? "[].\n" : "[rabbitmq_management].\n", cancellationToken);
        var program = ServerBinaries.RabbitMq() ?? throw new DistributedApplicationException("rabbitmq-server is gone.");
        var home = management is null ? RabbitMqPlugins.LeaveOut(program, InDirectory("home")) : null;
        await File.WriteAllTextAsync(InDirectory("rabbitmq-env.conf"), home is null ? "" : $"RABBITMQ_HOME='{home.Replace("'", @"'\''")}'\n", cancellationToken);
        return new Launch(program, [], directory) { Environment = Variables() };
    }

    public override Task<string?> CheckHealthAsync(CancellationToken cancellationToken) => _probe.CheckAsync(cancellationToken);

    public override ValueTask EndedAsync() => _probe.CloseAsync();

    private Dictionary<string, string> Variables() => new()
    {
        ["HOME"] = directory,
        ["RABBITMQ_NODENAME"] = "feedback@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = Text(resource.PrimaryEndpoint.Port),
        ["RABBITMQ_DIST_PORT"] = Text(distributionPort),
        ["RABBITMQ_MNESIA_BASE"] = InDirectory("mnesia"),
        ["RABBITMQ_LOG_BASE"] = InDirectory("log"),
        ["RABBITMQ_LOGS"] = "-",
        ["RABBITMQ_CONFIG_FILE"] = InDirectory("rabbitmq.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = InDirectory("rabbitmq-env.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = InDirectory("enabled_plugins"),
        ["RABBITMQ_PID_FILE"] = InDirectory("pid"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["ERL_EPMD_PORT"] = Text(epmdPort),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_CRASH_DUMP_SECONDS"] = "0",
        // Makes the script become the broker instead of waiting for it, so that a signal reaches the broker itself.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
    };

    private string Configuration(int? managementPort) => string.Create(CultureInfo.InvariantCulture,
        $"""
        listeners.tcp.default = 127.0.0.1:{resource.PrimaryEndpoint.Port}
        default_user = {resource.User}
        default_pass = {resource.Password}
        # Half an hour by default, after which the broker closes the channel of a consumer that is still at work.
        consumer_timeout = 604800000
        # The health check opens connections; each would be two lines.
        log.connection.level = warning
        {(managementPort is { } port ? $"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {port}" : "")}

        """);

    private string InDirectory(string name) => Path.Combine(directory, name);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
