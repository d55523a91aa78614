using System.Globalization;
using AspireFeedback.Bench.Load;
using AspireFeedback.Bench.Measuring;

namespace AspireFeedback.Bench.Reporting;

/// <summary>The figures as people read them.</summary>
internal static class Report
{
    public static void Print(IReadOnlyList<Measurement> all, TextWriter output)
    {
        var limits = all.Where(m => m.Kind is LoadKind.Limit).ToList();
        PrintFigures(all.Where(m => m.Kind is LoadKind.Submit), limits, output, "submit: PUT until 202");
        PrintFigures(all.Where(m => m.Kind is LoadKind.WholeWay), limits, output, "whole way: PUT until the terminal event at the owner's hub connection");
        PrintFigures(limits, [], output, "the limit: the same rows by bare statements on the same server (latency of a statement)");
        PrintCpu(all, output, "CPU cores used", (m, process) => m.Cores[process]);
        PrintCpu(all, output, "CPU ms per request", (m, process) => m.CpuMillisecondsPerRequest(process));
        foreach (var m in all)
            PrintTroubles(m, output);
    }

    private static void PrintFigures(IEnumerable<Measurement> measurements, IReadOnlyList<Measurement> limits, TextWriter output, string title)
    {
        var rows = measurements.ToList();
        if (rows.Count == 0)
            return;
        var table = new Table([
            "", "per s", "p50 ms", "p95 ms", "p99 ms", "max ms", "unfinished", "failed", "open at end", "late ms", "load avg",
            .. limits.Select(l => string.Create(CultureInfo.InvariantCulture, $"of {l.Result.PerSecond:N0}/s"))]);
        foreach (var m in rows)
        {
            var r = m.Result;
            table.Add([
                m.Name, Number(r.PerSecond), Number(r.P50), Number(r.P95), Number(r.P99), Number(r.Max),
                Count(r.Unfinished), Count(r.Failed.Values.Sum()), Count(m.OpenAtEnd), m.InFlight == 0 ? Number(r.MaxLate) : "", Number(m.LoadAverage),
                .. limits.Select(l => (r.PerSecond / l.Result.PerSecond).ToString("P1", CultureInfo.InvariantCulture))]);
        }

        table.Print(output, title);
    }

    private static void PrintCpu(IReadOnlyList<Measurement> all, TextWriter output, string title, Func<Measurement, string, double> figure)
    {
        if (all.Count == 0)
            return;
        var processes = all[0].Cores.Keys.ToList();
        var table = new Table(["", .. processes, "all of ours"]);
        foreach (var m in all)
        {
            var ours = processes.Where(process => process != CpuTimes.Elsewhere).Sum(process => figure(m, process));
            table.Add([m.Name, .. processes.Select(process => Small(figure(m, process))), Small(ours)]);
        }

        table.Print(output, title);
    }

    private static void PrintTroubles(Measurement m, TextWriter output)
    {
        foreach (var (reason, count) in m.Result.Failed)
            output.WriteLine($"! {m.Name}: {count} × {reason}");
        foreach (var trouble in m.Result.Troubles)
            output.WriteLine($"! {m.Name}: {trouble}");
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(Math.Abs(value) is >= 100 or 0 ? "N0" : "N1", CultureInfo.InvariantCulture);

    private static string Small(double value) => value.ToString(Math.Abs(value) >= 10 ? "N1" : "N3", CultureInfo.InvariantCulture);
}
