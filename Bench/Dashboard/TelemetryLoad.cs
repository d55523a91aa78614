using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace AspireFeedback.Bench.Dashboard;

/// <summary>Sends traces of ten spans, as large as those of a web application, at an even rate over OTLP/HTTP.</summary>
internal sealed class TelemetryLoad : IDisposable
{
    private const int SpansPerTrace = 10;
    private const int MaxTraces = 100;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _sender;

    public TelemetryLoad(string endpoint, string key)
    {
        _sender = new() { BaseAddress = new Uri(endpoint) };
        _sender.DefaultRequestHeaders.Add("x-otlp-api-key", key);
    }

    public long Spans { get; private set; }

    public long Logs { get; private set; }

    public async Task RunAsync(int rate, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!cancellationToken.IsCancellationRequested)
        {
            // What is due by now: a tick that comes late makes up for it.
            var traces = (int)Math.Min(MaxTraces, (watch.Elapsed.TotalSeconds * rate - Spans) / SpansPerTrace);
            var ids = Enumerable.Range(0, traces).Select(_ => RandomNumberGenerator.GetBytes(16)).ToList();
            await PostAsync("traces", Export([.. ids.SelectMany(id => Enumerable.Range(0, SpansPerTrace).Select(i => Span(id, i)))]));
            await PostAsync("logs", Export([.. ids.SelectMany(id => new[] { Log(id, 0), Log(id, 1) })]));
            (Spans, Logs) = (Spans + traces * SpansPerTrace, Logs + traces * 2);
            if (traces < MaxTraces)
                await Task.Delay(s_interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _sender.Dispose();

    private async Task PostAsync(string signal, byte[] export)
    {
        using var content = new ByteArrayContent(export) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
        using var answer = await _sender.PostAsync(new Uri($"/v1/{signal}", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    private static byte[] Span(byte[] traceId, int number)
    {
        var start = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + number) * 1_000_000L;
        var spanId = RandomNumberGenerator.GetBytes(8);
        return
        [
            .. Field(1, traceId), .. Field(2, spanId), .. number == 0 ? [] : Field(4, spanId), .. Field(5, Text(number == 3 ? "payment checkout" : $"GET /resource/{number}")),
            .. Fixed(7, start), .. Fixed(8, start + 3_000_000),
            .. Attribute(9, "http.request.method", "GET"), .. Attribute(9, "url.path", $"/resource/{Convert.ToHexStringLower(spanId)}"), .. Attribute(9, "http.route", "/resource/{id}"),
            .. Attribute(9, "server.address", "localhost"), .. Attribute(9, "user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"),
            .. Attribute(9, "network.protocol.version", "1.1"), .. Attribute(9, "feedback.request.id", Guid.CreateVersion7().ToString()), .. Attribute(9, "url.scheme", "http"),
        ];
    }

    private static byte[] Log(byte[] traceId, int number) =>
    [
        .. Fixed(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000L), .. Field(5, Field(1, Text($"Request {Guid.CreateVersion7()} is Running at version {number}"))),
        .. Attribute(6, "Status", "Running"), .. Attribute(6, "{OriginalFormat}", "Request {RequestId} is {Status} at version {Version}"), .. Field(9, traceId),
    ];

    private static byte[] Export(byte[][] items) => Field(1,
    [
        .. Field(1, [.. Attribute(1, "service.name", "load"), .. Attribute(1, "service.instance.id", "load-1")]),
        .. Field(2, [.. Field(1, Field(1, Text("Load"))), .. items.SelectMany(item => Field(2, item))]),
    ]);

    private static byte[] Attribute(int field, string key, string value) => Field(field, [.. Field(1, Text(key)), .. Field(2, Field(1, Text(value)))]);

    private static byte[] Fixed(int field, long number)
    {
        var bytes = new byte[9];
        bytes[0] = (byte)(field << 3 | 1);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), number);
        return bytes;
    }

    private static byte[] Field(int field, byte[] content)
    {
        var head = new List<byte> { (byte)(field << 3 | 2) };
        var length = content.Length;
        for (; length >= 0x80; length >>= 7)
            head.Add((byte)(length | 0x80));
        return [.. head, (byte)length, .. content];
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
