using System.Diagnostics;
using AspireFeedback.LocalAspire.Install;
using Npgsql;
using Xunit;

namespace AspireFeedback.Tests.Log.Whole;

/// <summary>A dump of a database in a file, as <c>docs/log.md</c> tells to make and restore it.</summary>
internal sealed class PostgresBackup : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("feedback-dump-").FullName;

    private string File => Path.Combine(_folder, "feedback.dump");

    public static async Task<PostgresBackup> TakeAsync(string database)
    {
        var backup = new PostgresBackup();
        await RunAsync(database, "pg_dump", "--format=custom", "--file", backup.File);
        return backup;
    }

    public Task RestoreAsync(string database) => RunAsync(database, "pg_restore", "--exit-on-error", "--no-owner", "--dbname", NameOf(database), File);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string NameOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static async Task RunAsync(string connectionString, string program, params string[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var binaries = await SystemPackages.EnsureAsync("postgresql", cancellationToken: TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(Path.Combine(binaries, program), arguments) { RedirectStandardError = true };
        (start.Environment["PGHOST"], start.Environment["PGUSER"], start.Environment["PGDATABASE"]) = (settings.Host, settings.Username, settings.Database);
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{program}: {errors}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
