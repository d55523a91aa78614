using System.CommandLine;
using AspireFeedback.Bench.Measuring;

namespace AspireFeedback.Bench.Size;

/// <summary><c>size</c>: what does not depend on how fast, but on how much.</summary>
internal static class SizeCommand
{
    private const long Megabyte = 1_000_000;

    private static readonly Option<int> s_file = new("--file") { Description = "Megabytes of the CSV; 0: none.", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<int> s_streams = new("--streams") { Description = "Connections with server-sent events.", DefaultValueFactory = _ => 5_000 };
    private static readonly Option<int> s_hubs = new("--hubs") { Description = "Hub connections.", DefaultValueFactory = _ => 2_000 };

    public static Command Create()
    {
        var command = new Command("size", "A large file through the system, and many who wait at one replica: memory and time.") { s_file, s_streams, s_hubs };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(s_file), parsed.GetValue(s_streams), parsed.GetValue(s_hubs), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int megabytes, int streams, int hubs, CancellationToken cancellationToken)
    {
        Console.WriteLine("Starting the system with fresh data …");
        await using var system = await SystemUnderLoad.StartAsync(cancellationToken);
        if (megabytes > 0)
            await BigFile.RunAsync(system, megabytes * Megabyte, cancellationToken);
        if (streams > 0 && hubs > 0)
        {
            using var waiting = new ManyWaiting(system);
            await waiting.RunAsync(streams, hubs, cancellationToken);
        }

        return 0;
    }
}
