using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Install;

/// <summary>Which of the servers an application needs are not installed, and getting them.</summary>
internal static class MissingServers
{
    public static async Task EnsureAsync(IEnumerable<ServerResource> servers, RunOptions options, CancellationToken cancellationToken)
    {
        var missing = servers.Select(ProgramOf).Distinct().Where(package => package.Find() is null).ToList();
        if (missing.Count > 0)
            await SystemPackages.InstallAsync(missing, options.NoInstall, IsInteractive && !options.IsTest, cancellationToken);
    }

    private static bool IsInteractive =>
        !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));

    private static SystemPackage ProgramOf(ServerResource server) => server switch
    {
        PostgresServerResource => SystemPackage.Postgres,
        RedisResource => SystemPackage.Redis,
        RabbitMQServerResource => SystemPackage.RabbitMq,
        _ => throw new InvalidOperationException($"{server} needs no program."),
    };
}
