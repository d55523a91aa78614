using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>
/// Ends the run when the <c>dotnet run</c> above it is gone: killed, it could not pass a signal on, and nobody would be left who knows of us.
/// </summary>
internal static class ParentWatch
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(CancellationTokenSource ended)
    {
        if (!OperatingSystem.IsLinux() || ProcessTree.ParentOf(Environment.ProcessId) is not { } parent || !IsDotnetRun(parent))
            return;

        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(s_interval, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ProcessTree.ParentOf(Environment.ProcessId) != parent)
                await ended.CancelAsync();
        }
    }

    internal static bool IsDotnetRun(int process)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            return Path.GetFileName(arguments[0]) == "dotnet" && arguments.Any(a => a is "run" or "watch");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
