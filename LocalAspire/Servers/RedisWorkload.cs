using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>Redis as a wake-up only: nothing is written to disk.</summary>
internal sealed class RedisWorkload(RedisResource resource, string directory) : Workload
{
    public override string? Url => $"localhost:{resource.PrimaryEndpoint.Port}";

    public override async Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory, DataDirectory.Private);
        // The password goes into a file: arguments can be read by every user of the machine.
        var configuration = Path.Combine(directory, "redis.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture,
            $"""
            bind 127.0.0.1 -::1
            port {resource.PrimaryEndpoint.Port}
            requirepass "{resource.Password}"
            save ""
            appendonly no
            daemonize no
            dir "{directory}"

            """), cancellationToken);
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new Launch(
            ServerBinaries.Redis() ?? throw new DistributedApplicationException("redis-server is gone."), [configuration], directory);
    }

    public override Task<string?> CheckHealthAsync(CancellationToken cancellationToken) =>
        RedisProbe.CheckAsync("localhost", resource.PrimaryEndpoint.Port, resource.Password, cancellationToken);
}
