using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Aspire.Hosting.Testing;
using AspireFeedback.Bench.Reporting;

namespace AspireFeedback.Bench.Dashboard;

/// <summary><c>dashboard</c>: LocalAspire's dashboard alone, while spans and log lines come in faster than a person could ever look.</summary>
internal static class DashboardCommand
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private static readonly Option<int> s_rate = new("--rate") { Description = "Spans a second; a fifth as many log lines.", DefaultValueFactory = _ => 5_000 };
    private static readonly Option<int> s_seconds = new("--seconds") { Description = "How long they come.", DefaultValueFactory = _ => 30 };

    private static readonly (string Name, string Path)[] s_questions =
    [
        ("100 latest traces", "/api/traces"),
        ("traces by a word that is nowhere", "/api/traces?text=nowhere"),
        ("200 latest log lines", "/api/logs"),
        ("log lines by a word that is nowhere", "/api/logs?text=nowhere"),
        ("search for a word that is in one span of ten", "/api/search?q=payment"),
        ("search for a word that is nowhere", "/api/search?q=nowhere"),
    ];

    public static Command Create()
    {
        var command = new Command("dashboard", "What the dashboard bears: time of its answers, CPU and memory of its process, which makes the load too.") { s_rate, s_seconds };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(s_rate), parsed.GetValue(s_seconds), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int rate, int seconds, CancellationToken cancellationToken)
    {
        await using var builder = DistributedApplicationTestingBuilder.Create("--Dashboard:Enabled=true");
        await using var app = await builder.BuildAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        var start = await app.ApplicationRun.DashboardStarted;
        if (start.Host is not { } host)
            throw new InvalidOperationException(start.Failure);

        // Whoever wants to see how the page bears it opens it meanwhile.
        Print(host.LoginLine);
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new Uri(host.Address.Url) };
        using var login = await browser.GetAsync(new Uri($"/login?t={host.Token}", UriKind.Relative), cancellationToken);
        using var load = new TelemetryLoad(host.Address.OtlpHttpUrl, host.Address.OtlpApiKey);

        using var process = Process.GetCurrentProcess();
        var (cpu, memory) = (process.TotalProcessorTime, GC.GetTotalMemory(forceFullCollection: true));
        var watch = Stopwatch.StartNew();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(TimeSpan.FromSeconds(seconds));
        var sending = load.RunAsync(rate, enough.Token);
        var during = await AskAsync(browser, enough.Token);
        await sending;
        process.Refresh();

        Print($"{load.Spans / watch.Elapsed.TotalSeconds:N0} spans and {load.Logs / watch.Elapsed.TotalSeconds:N0} log lines a second for {watch.Elapsed.TotalSeconds:0} s, "
            + $"{(process.TotalProcessorTime - cpu) / watch.Elapsed:0.00} cores with the load itself, working set {process.WorkingSet64 / 1_048_576} MB");
        Print($"kept: {host.Shown.Telemetry.Traces.Count:N0} traces, {host.Shown.Telemetry.Traces.Spans:N0} spans, {host.Shown.Telemetry.Logs.Count:N0} log lines in "
            + $"{(GC.GetTotalMemory(forceFullCollection: true) - memory) / 1_048_576} MB of managed memory; not recorded: {host.Shown.Recorder.Dropped}");
        using var calm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        calm.CancelAfter(TimeSpan.FromSeconds(seconds / 3.0));
        var after = await AskAsync(browser, calm.Token);
        foreach (var (name, _) in s_questions)
            Print($"{name,-46} under load: median {during[name].Median(),6:0.0} ms, longest {during[name].Max(),6:0.0} ms; then: median {after[name].Median(),6:0.0} ms");
        return 0;
    }

    private static async Task<Dictionary<string, List<double>>> AskAsync(HttpClient browser, CancellationToken cancellationToken)
    {
        var times = s_questions.ToDictionary(q => q.Name, _ => new List<double>());
        for (var round = 0; !cancellationToken.IsCancellationRequested; round++)
        {
            foreach (var (name, path) in s_questions)
            {
                var watch = Stopwatch.StartNew();
                await browser.GetByteArrayAsync(new Uri(path, UriKind.Relative), CancellationToken.None);
                // In the first rounds the code is compiled.
                if (round >= 3)
                    times[name].Add(watch.Elapsed.TotalMilliseconds);
            }

            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return times;
    }

    private static void Print(string text) => Console.WriteLine(text);
}
