using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>PostgreSQL on a cluster of its own, durable as in production.</summary>
internal sealed class PostgresWorkload(PostgresServerResource resource, string directory, ResourceLog log, Undertaker undertaker) : Workload
{
    private readonly UnprivilegedUser? _user = UnprivilegedUser.FindWhenRoot();
    private readonly string _data = Path.Combine(directory, "data");

    public override string? Url => $"localhost:{resource.PrimaryEndpoint.Port}";

    public override TimeSpan Grace => TimeSpan.FromSeconds(6);

    public override async Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        var version = ReadVersion();
        var programs = ServerBinaries.Postgres(version) ?? throw new DistributedApplicationException(
            $"The kept data in {directory} is of PostgreSQL {version}, which is not installed (found: {Found()}). Install it, or wipe the data with --reset.");
        if (version is null)
            await InitializeAsync(programs, cancellationToken);
        else
            RemoveStalePidFile();

        var port = resource.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        return In(programs, "postgres", "-D", _data, "-p", port,
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200",
            "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on",
            "-c", "logging_collector=off", "-c", "log_destination=stderr", "-c", "log_line_prefix=%m [%p] ");
    }

    public override async Task<string?> CheckHealthAsync(CancellationToken cancellationToken) =>
        await PostgresProbe.CheckAsync(resource.OwnConnectionString, cancellationToken);

    private async Task InitializeAsync(string programs, CancellationToken cancellationToken)
    {
        MakeOwned(directory);
        // Left by an initdb that was interrupted: it refuses a directory that is not empty.
        var unfinished = Path.Combine(directory, "data.new");
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        MakeOwned(unfinished);
        var passwordFile = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(passwordFile, resource.Password, cancellationToken);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _user?.Own(passwordFile);

        using var initdb = ChildProcess.Start(
            In(programs, "initdb", "-D", unfinished, "-U", resource.User, "-A", "scram-sha-256", "--pwfile=" + passwordFile, "-E", "UTF8", "--no-locale"),
            log, undertaker);
        await using var stopping = cancellationToken.Register(() => initdb.Signal(Signals.Kill));
        var exitCode = await initdb.Exited;
        File.Delete(passwordFile);
        cancellationToken.ThrowIfCancellationRequested();
        if (exitCode != 0)
            throw new InvalidOperationException($"initdb ended with {exitCode}.");
        Directory.Move(unfinished, _data);
    }

    private void MakeOwned(string path)
    {
        Directory.CreateDirectory(path, DataDirectory.Private);
        _user?.Own(path);
    }

    // After a crash the file may name a process id that now belongs to something else of the same user; PostgreSQL would then refuse to start.
    private void RemoveStalePidFile()
    {
        var path = Path.Combine(_data, "postmaster.pid");
        if (!File.Exists(path))
            return;

        var first = File.ReadLines(path).FirstOrDefault();
        var isPostgres = int.TryParse(first, CultureInfo.InvariantCulture, out var id) && ProcessTree.IsAlive(id)
            && (!OperatingSystem.IsLinux() || File.ReadAllText($"/proc/{id}/cmdline").Contains(_data, StringComparison.Ordinal));
        if (!isPostgres)
            File.Delete(path);
    }

    private int? ReadVersion()
    {
        var path = Path.Combine(_data, "PG_VERSION");
        return File.Exists(path) ? int.Parse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture) : null;
    }

    private Launch In(string programs, string program, params string[] arguments) => new(Path.Combine(programs, program), arguments, directory)
    {
        UserName = _user?.Name,
        // Fast shutdown: does not wait for clients to leave. Immediate, when nobody is left to wait: safe, and PostgreSQL ends its children itself.
        StopSignal = Signals.Int,
        AbandonSignal = Signals.Quit,
        Environment = new Dictionary<string, string> { ["HOME"] = directory },
    };

    private static string Found() => string.Join(", ", ServerBinaries.PostgresVersions().Select(v => v.Version)) is { Length: > 0 } found ? found : "none";
}
