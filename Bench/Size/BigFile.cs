using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AspireFeedback.Bench.Measuring;
using AspireFeedback.Bench.Reporting;

namespace AspireFeedback.Bench.Size;

/// <summary>One large CSV up, through a backend and back as a profile: the memory of everybody on its way, and whether its owner was kept informed.</summary>
internal static class BigFile
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(20);

    public static async Task RunAsync(SystemUnderLoad system, long size, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        using var http = new HttpClient { BaseAddress = new(system.Replicas[0]), Timeout = s_limit };
        (await http.GetAsync(new Uri("/me", UriKind.Relative), limit.Token)).EnsureSuccessStatusCode();

        var (file, request) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var start = Stopwatch.GetTimestamp();
        var upload = new MemoryWatch(system.Programs);
        await using (upload)
        {
            using var content = new GeneratedCsv(size);
            using var answer = await http.PutAsync(new Uri($"/files/{file}", UriKind.Relative), content, limit.Token);
            answer.EnsureSuccessStatusCode();
        }

        var uploaded = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        var work = new MemoryWatch(system.Programs);
        JsonElement document;
        await using (work)
            document = await ProfileAsync(http, file, request, limit.Token);
        var profiled = Stopwatch.GetElapsedTime(start);

        var megabytes = size / 1e6;
        Console.WriteLine($"\none CSV of {megabytes:N0} MB: {document.GetProperty("status").GetString()}, {document.GetProperty("result").GetProperty("rows").GetInt64():N0} rows");
        Console.WriteLine($"  upload {uploaded.TotalSeconds:N1} s ({megabytes / uploaded.TotalSeconds:N0} MB/s), from submit to result {profiled.TotalSeconds:N1} s ({megabytes / profiled.TotalSeconds:N0} MB/s)");
        await PrintProgressAsync(http, request, limit.Token);
        var table = new Table("", "before MiB", "upload, most", "work, most");
        foreach (var process in system.Programs)
            table.Add(process.Name, $"{upload.Before[process.Name]:N0}", $"{upload.Highest[process.Name]:N0}", $"{work.Highest[process.Name]:N0}");
        table.Print(Console.Out, "resident memory");
    }

    private static async Task<JsonElement> ProfileAsync(HttpClient http, Guid file, Guid request, CancellationToken cancellationToken)
    {
        using var answer = await http.PutAsJsonAsync(
            new Uri($"/requests/{request}", UriKind.Relative), new { kind = "csv-profile", payload = new { file } }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        while (true)
        {
            using var question = new HttpRequestMessage(HttpMethod.Get, $"/requests/{request}") { Headers = { { "Prefer", "wait=60" } } };
            using var reply = await http.SendAsync(question, cancellationToken);
            var document = await reply.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            if (document.GetProperty("done").GetBoolean() || document.GetProperty("status").GetString() == "Held")
                return document.GetProperty("status").GetString() == "Succeeded" ? document : throw new InvalidOperationException($"{document}");
        }
    }

    private static async Task PrintProgressAsync(HttpClient http, Guid request, CancellationToken cancellationToken)
    {
        var times = new List<DateTimeOffset>();
        var (after, more) = (0, true);
        while (more)
        {
            var page = await http.GetFromJsonAsync<JsonElement>(new Uri($"/requests/{request}/events?after={after}", UriKind.Relative), cancellationToken);
            foreach (var e in page.GetProperty("events").EnumerateArray())
            {
                after = e.GetProperty("version").GetInt32();
                times.Add(e.GetProperty("at").GetDateTimeOffset());
            }

            more = page.GetProperty("more").GetBoolean();
        }

        var silence = times.Zip(times.Skip(1), (a, b) => b - a).Max();
        Console.WriteLine($"  {times.Count} events in its stream, never more than {silence.TotalSeconds:N2} s apart");
    }
}
