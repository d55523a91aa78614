using System.Globalization;
using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>Where the servers' programs are; distributions put some of them off the path.</summary>
internal static class ServerBinaries
{
    public static string? Redis() => ExecutablePath.Find("redis-server") ?? ExecutablePath.Find("valkey-server");

    public static string? Epmd() =>
        ExecutablePath.Find("epmd") ?? Versions("/usr/lib/erlang", "/usr/lib64/erlang", "/opt/homebrew/lib/erlang")
            .Select(directory => Path.Combine(directory, "bin", "epmd")).FirstOrDefault(File.Exists);

    /// <summary>RabbitMQ's own script: Debian's wrapper on the path only works for root and for its own user, and changes to that user.</summary>
    public static string? RabbitMq()
    {
        string[] known = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/lib64/rabbitmq/bin/rabbitmq-server", "/opt/homebrew/sbin/rabbitmq-server"];
        return known.FirstOrDefault(File.Exists) ?? ExecutablePath.Find("rabbitmq-server");
    }

    /// <summary>The directory of PostgreSQL's programs; of several versions the one of the data, without data the newest.</summary>
    public static string? Postgres(int? dataVersion) =>
        PostgresVersions().FirstOrDefault(v => dataVersion is null || v.Version == dataVersion).Directory;

    public static IReadOnlyList<(int Version, string Directory)> PostgresVersions()
    {
        string[] roots = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt"];
        var versioned = roots.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Concat(Directory.Exists("/usr") ? Directory.EnumerateDirectories("/usr", "pgsql-*") : [])
            .Select(directory => (Version: VersionIn(Path.GetFileName(directory)), Directory: Path.Combine(directory, "bin")))
            .Where(found => found.Version > 0 && IsPostgres(found.Directory))
            .OrderByDescending(found => found.Version)
            .ToList();
        if (versioned.Count > 0 || ExecutablePath.Find("initdb") is not { } initdb)
            return versioned;

        // A link on the path leads to the directory that also holds everything else.
        var directory = Path.GetDirectoryName(new FileInfo(initdb).ResolveLinkTarget(true)?.FullName ?? initdb)!;
        return IsPostgres(directory) ? [(VersionIn(Path.GetFileName(Path.GetDirectoryName(directory)) ?? ""), directory)] : [];
    }

    private static bool IsPostgres(string directory) => File.Exists(Path.Combine(directory, "postgres")) && File.Exists(Path.Combine(directory, "initdb"));

    private static int VersionIn(string name) =>
        int.TryParse(name[(name.LastIndexOfAny(['-', '@']) + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static IEnumerable<string> Versions(params string[] roots) =>
        roots.Where(Directory.Exists).SelectMany(root => Directory.EnumerateDirectories(root, "erts-*"));
}
