using System.Net.Sockets;
using System.Runtime.InteropServices;
using Aspire.Hosting;
using AspireFeedback.LocalAspire.Console;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>A run in a terminal or in CI: reports on the console until a signal ends it.</summary>
internal static class ForegroundRun
{
    public static async Task<int> RunAsync(ApplicationRun run, CancellationToken cancellationToken)
    {
        var console = new ConsoleReport(System.Console.Out, run);
        if (run.Options.Help)
        {
            console.Help();
            return 0;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            // The second time somebody means it.
            if (ended.IsCancellationRequested)
                run.Kill();
            ended.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        var reporting = Task.WhenAll(console.RunAsync(ended.Token), console.RemindAsync(ended.Token));
        var parent = ParentWatch.RunAsync(ended);
        try
        {
            await run.StartAsync(ended.Token);
            console.Dashboard(await run.DashboardStarted);
            console.Begin();
            await Task.Delay(Timeout.Infinite, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            console.Ending();
            await run.StopAsync(CancellationToken.None);
            console.Ended();
            return 0;
        }
        catch (Exception e) when (e is DistributedApplicationException or IOException or UnauthorizedAccessException or SocketException)
        {
            console.Failed(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(reporting, parent);
        }
    }
}
