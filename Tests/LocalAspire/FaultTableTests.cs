using System.Net;
using System.Net.Sockets;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;
using AspireFeedback.LocalAspire.Servers;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>What a person reads in the terminal when something is wrong; the table is in docs/local-aspire.md.</summary>
public sealed class FaultTableTests : IDisposable
{
    private static readonly string[] s_noServers = ["--ConnectionStrings:messaging=amqp://nobody@localhost:1", "--ConnectionStrings:redis=localhost:1"];

    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly string _home = Path.Combine(Path.GetTempPath(), "apphost-faults-" + Guid.NewGuid().ToString("N")[..8]);

    public FaultTableTests()
    {
        _deadline.CancelAfter(TimeSpan.FromMinutes(3));
        Directory.CreateDirectory(_home);
    }

    [Fact]
    public async Task A_killed_server_and_a_killed_replica_are_told_and_come_back()
    {
        await using var run = AppHostProcess.Start(_home, s_noServers);
        await run.SaysAsync(_deadline.Token, "web-1", "Running");
        await run.SaysAsync(_deadline.Token, "web-2", "Running");

        var before = run.Lines;
        Kill("-D");
        await run.SaysAfterAsync(before, _deadline.Token, "postgres", "Exited (137)");
        await run.SaysAfterAsync(before, _deadline.Token, "postgres: was killed (SIGKILL)");
        await run.SaysAfterAsync(before, _deadline.Token, "feedback", "Healthy");

        before = run.Lines;
        Kill("Web.dll");
        await run.SaysAfterAsync(before, _deadline.Token, "web-", "Exited (137)");
        await run.SaysAfterAsync(before, _deadline.Token, "web-", "Running");
    }

    [Fact]
    public async Task A_configured_port_that_is_taken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var run = AppHostProcess.Start(_home, [$"--Ports:web={port}", .. s_noServers]);

        (await run.EndedAsync(_deadline.Token)).ShouldBe(1);

        run.Output.ShouldContain($"Port {port} of 'web' is taken. End what listens there, or choose another with --Ports:web=…");
    }

    [Fact]
    public async Task Data_of_a_PostgreSQL_that_is_not_installed_and_everybody_who_waits_for_it()
    {
        Directory.CreateDirectory(InData("postgres", "data"));
        await File.WriteAllTextAsync(InData("postgres", "data", "PG_VERSION"), "99\n", _deadline.Token);
        await using var run = AppHostProcess.Start(_home, s_noServers);

        await run.SaysAsync(_deadline.Token, "postgres: The kept data in", "is of PostgreSQL 99, which is not installed (found:", "or wipe the data with --reset.");
        await run.SaysAsync(_deadline.Token, "feedback: 'postgres' failed to start: The kept data in");
        await run.SaysAsync(_deadline.Token, "web-1: waits for 'feedback', which failed to start: 'postgres' failed to start: The kept data in");
        (await run.EndAsync(Signals.Term, _deadline.Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Data_that_the_server_may_not_read()
    {
        // Of the wrong owner where the tests run as root, otherwise readable by others: PostgreSQL wants neither.
        Directory.CreateDirectory(InData("postgres", "data"));
        await File.WriteAllTextAsync(InData("postgres", "data", "PG_VERSION"), $"{ServerBinaries.PostgresVersions()[0].Version}\n", _deadline.Token);
        await File.WriteAllTextAsync(InData("postgres", "data", "postgresql.conf"), "", _deadline.Token);
        await using var run = AppHostProcess.Start(_home, s_noServers);

        await run.SaysAsync(_deadline.Token, "postgres", "Exited (1)");
        await run.SaysAsync(_deadline.Token, "postgres |", "FATAL:", "data directory");
        await run.SaysAsync(_deadline.Token, "postgres: ended with exit code 1");
    }

    [Fact]
    public async Task A_place_for_the_data_that_cannot_be()
    {
        var file = Path.Combine(_home, "file");
        await File.WriteAllTextAsync(file, "", _deadline.Token);
        await using var run = AppHostProcess.Start(Path.Combine(file, "data"), s_noServers);

        (await run.EndedAsync(_deadline.Token)).ShouldBe(1);

        run.Output.ShouldContain($"The data cannot be kept at {file}/data/aspire-feedback/");
        run.Output.ShouldContain("choose another place with the environment variable XDG_DATA_HOME.");
    }

    [Fact]
    public async Task Passwords_that_cannot_be_read()
    {
        Directory.CreateDirectory(InData());
        await File.WriteAllTextAsync(InData("secrets.json"), "{ torn", _deadline.Token);
        await using var run = AppHostProcess.Start(_home, s_noServers);

        (await run.EndedAsync(_deadline.Token)).ShouldBe(1);

        run.Output.ShouldContain($"{InData("secrets.json")}, which holds the passwords of the kept data, is damaged:");
        run.Output.ShouldContain("or wipe the data with --reset.");
    }

    public void Dispose()
    {
        _deadline.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private string InData(params string[] parts) =>
        Path.Combine([_home, "aspire-feedback", DataDirectory.NameFor(Projects.AppHost.ProjectPath), .. parts]);

    /// <summary>SIGKILL to one of the run's processes that was started with this argument.</summary>
    private void Kill(string argument)
    {
        var victim = AppHostProcess.LeftOn(_home).First(id => File.ReadAllText($"/proc/{id}/cmdline").Split('\0').Any(a => a.EndsWith(argument, StringComparison.Ordinal)));
        Signals.Send(victim, Signals.Kill);
    }
}
