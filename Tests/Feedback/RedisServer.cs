using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AspireFeedback.Tests.Feedback;

/// <summary>A real Redis of one's own on a free loopback port; it can be killed and started again on the same port.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("feedback-redis-").FullName;
    private readonly int port = FreePort();
    private Process? process;

    public string ConnectionString => $"localhost:{port},password=secret";

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task StartAsync()
    {
        string[] arguments =
            ["--port", $"{port}", "--bind", "127.0.0.1", "--requirepass", "secret", "--save", "", "--appendonly", "no", "--dir", folder, "--daemonize", "no"];
        try
        {
            process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("redis-server is not installed on this machine.");
        }
        process!.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.HoldsAsync(Answers, "redis-server answers");
    }

    public async Task KillAsync()
    {
        if (process is null)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> Answers()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
