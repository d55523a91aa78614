using System.Diagnostics;
using AspireFeedback.LocalAspire.Install;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace AspireFeedback.Tests.Support;

/// <summary>
/// A PostgreSQL of the test run, started by the first test that wants a database and reached by a Unix socket, so that it needs neither port nor
/// password. Its shell waits on our end of a pipe: however the test process ends, the server stops and its directory goes.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim _gate = new(1);
    private Process? _shell;
    private string? _server;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A new database with the whole schema, and its connection string.</summary>
    public Task<string> CreateDatabaseAsync(CancellationToken cancellationToken) => CreateAsync("feedback_template", cancellationToken);

    /// <summary>A new database without anything.</summary>
    public Task<string> CreateEmptyDatabaseAsync(CancellationToken cancellationToken) => CreateAsync("template0", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_shell is null)
            return;
        _shell.StandardInput.Close();
        // The shell ends by itself; waiting only keeps a finished run from leaving work behind.
        await Task.WhenAny(_shell.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(30)));
        _shell.Dispose();
    }

    private async Task<string> CreateAsync(string template, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _server ??= await StartAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(_server, $"create database {name} template {template}", cancellationToken);
        return ConnectionTo(_server, name);
    }

    private async Task<string> StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        _shell = Process.Start(StartInfo(await SystemPackages.EnsureAsync("postgresql", cancellationToken: cancellationToken))) ?? throw new InvalidOperationException("The shell of PostgreSQL did not start.");
        var said = new List<string>();
        string? directory = null;
        while (directory is null && await _shell.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            said.Add(line);
            directory = line.StartsWith("ready ", StringComparison.Ordinal) ? line["ready ".Length..] : null;
        }

        if (directory is null)
            throw new InvalidOperationException($"PostgreSQL did not start:\n{string.Join('\n', said)}");
        await ExecuteAsync(directory, "create database feedback_template", limit.Token);
        // Not pooled: an open connection keeps a database from being a template.
        await using var template = PostgresLogSetup.Connect(ConnectionTo(directory, "feedback_template") + ";Pooling=false");
        await new Migrator(template, NullLogger<Migrator>.Instance).MigrateAsync(limit.Token);
        return directory;
    }

    private static ProcessStartInfo StartInfo(string binaries)
    {
        // Everything that the server prints goes to a file: nobody reads the pipe once it is ready. Autovacuum would start a process for each of
        // hundreds of short-lived databases again and again.
        const string script = """
            dir=$(mktemp -d "${TMPDIR:-/tmp}/feedback-pg-XXXXXX") || exit 1
            trap 'rm -rf "$dir"' EXIT
            trap '' INT
            "$0/initdb" --pgdata="$dir/data" --auth=trust --username=postgres --encoding=UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
            "$0/postgres" -D "$dir/data" -c listen_addresses= -c unix_socket_directories="$dir" -c max_connections=400 -c shared_buffers=256MB \
                -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=2GB \
                -c autovacuum=off -c jit=off >"$dir/log" 2>&1 </dev/null &
            server=$!
            i=0
            until "$0/pg_isready" -q -h "$dir"; do
                i=$((i + 1)); [ $i -lt 600 ] && kill -0 $server 2>/dev/null || { cat "$dir/log"; kill -QUIT $server; exit 1; }
                sleep 0.05
            done
            echo "ready $dir"
            read -r _
            kill -QUIT $server
            wait $server
            """;
        // PostgreSQL refuses to run as root.
        string[] command = [.. Environment.IsPrivilegedProcess ? new[] { "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups" } : [], "sh", "-c", script, binaries];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        start.Environment.Remove("PGDATA");
        return start;
    }

    private static string ConnectionTo(string directory, string database) =>
        new NpgsqlConnectionStringBuilder { Host = directory, Username = "postgres", Database = database, Timeout = 10, MaxPoolSize = 40 }.ConnectionString;

    private static async Task ExecuteAsync(string directory, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo(directory, "postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
