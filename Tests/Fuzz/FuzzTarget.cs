using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using Shouldly;

namespace AspireFeedback.Tests.Fuzz;

/// <param name="Status">0: nobody waited for the answer, or none came.</param>
internal sealed record SentSubmit(Guid Id, int Person, int Status);

/// <summary>The replica that is attacked, and two persons on it. Every answer is checked against what the contract promises of any answer.</summary>
internal sealed class FuzzTarget(WebReplica web, IReadOnlyList<string> cookies)
{
    /// <summary>What the server itself answers, without a body, to what is no HTTP, or too much or too slow of it.</summary>
    private static readonly int[] OfTheServer = [400, 405, 408, 411, 413, 414, 417, 431, 505];

    public Uri Url => web.Url;

    public IReadOnlyList<string> Cookies => cookies;

    public ConcurrentQueue<SentSubmit> Submits { get; } = [];

    public ConcurrentDictionary<int, int> Statuses { get; } = [];

    public static async Task<FuzzTarget> ArriveAsync(WebReplica web, CancellationToken cancellationToken)
    {
        var cookies = new List<string>();
        for (var n = 0; n < 2; n++)
        {
            var jar = new CookieContainer();
            using var browser = web.Browser(jar);
            (await browser.GetAsync("/me", cancellationToken)).EnsureSuccessStatusCode();
            cookies.Add(jar.GetCookieHeader(web.Url));
        }

        return new(web, cookies);
    }

    /// <summary>A request as text, with what every attack needs: a host, an end, and who sends it.</summary>
    public string Head(string method, string path, int? person, params string[] headers) =>
        $"{method} {path} HTTP/1.1\r\nHost: {Url.Authority}\r\nConnection: close\r\n{(person is { } who ? $"Cookie: {cookies[who]}\r\n" : "")}{string.Concat(headers.Select(header => header + "\r\n"))}";

    public static byte[] WithBody(string head, byte[] body) =>
        [.. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head}Content-Length: {body.Length}\r\n\r\n")), .. body];

    /// <param name="isHttp">False: it may fail before it gets to the application.</param>
    public async Task<RawAnswer> ExchangeAsync(ReadOnlyMemory<byte> request, bool isHttp, CancellationToken cancellationToken)
    {
        using var connection = await RawHttp.ConnectAsync(Url, cancellationToken);
        await connection.SendAsync(request, cancellationToken);
        var answer = await connection.ReadAsync(cancellationToken);
        Check(answer, request, isHttp);
        return answer;
    }

    public Task<RawAnswer> ExchangeAsync(string request, bool isHttp, CancellationToken cancellationToken) => ExchangeAsync(Encoding.Latin1.GetBytes(request), isHttp, cancellationToken);

    public void Check(RawAnswer answer, ReadOnlyMemory<byte> request, bool isHttp)
    {
        Statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        var what = $"{answer.Head}\n\n{Start(answer.Body)}\n--- to ---\n{Start(request.Span)}";
        // A server that does not want the rest of a large body may reset the connection before its answer is read.
        if (answer.Status == 0)
            (isHttp && request.Length < 60_000).ShouldBeFalse($"no answer: {what}");
        if (answer.Status < 400)
            return;
        var isHead = request.Span.StartsWith("HEAD "u8);
        // By itself the server refuses methods only where the target is no path.
        isHttp |= answer.Status == 405 && !answer.Head.Contains("\nAllow: OPTIONS", StringComparison.Ordinal) && !answer.Head.Contains("\nAllow: CONNECT", StringComparison.Ordinal);
        if (answer.Body.Length == 0 && (isHead || (!isHttp && OfTheServer.Contains(answer.Status))))
            return;
        answer.ContentType.ShouldBe("application/problem+json", what);
        var problem = JsonElement.Parse(answer.Body);
        var type = problem.GetProperty("type").GetString()!;
        type.ShouldStartWith("/problems/", Case.Sensitive, what);
        problem.GetProperty("status").GetInt32().ShouldBe(answer.Status, what);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty(what);
        if (answer.Status >= 500)
            $"{answer.Status} {type}".ShouldBeOneOf("503 /problems/overloaded", "503 /problems/log-unavailable", what);
    }

    private static string Start(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 2_000)]);
}
