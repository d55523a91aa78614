using System.Globalization;
using System.Text;
using Shouldly;

namespace AspireFeedback.Tests.Fuzz;

internal delegate Task Attack(FuzzTarget target, Random random, CancellationToken cancellationToken);

/// <summary>One call each, on a connection of its own, hostile in one respect and well-formed in the others.</summary>
internal static class Attacks
{
    private const string Json = "Content-Type: application/json";
    private const string Sound = """{"kind":"echo","payload":{"text":"hi"}}""";

    public static IReadOnlyList<Attack> All { get; } = [SubmitAsync, SubmitAsync, SubmitAsync, BodyAsync, IdAsync, HeaderAsync, HeaderAsync, FramingAsync, MethodAsync, QueryAsync, SizeAsync];

    private static async Task SubmitAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var (id, person) = (Hostile.NewId(random), random.Next(2));
        var body = random.Next(3) == 0 ? HostileJson.Body(random) : Encoding.UTF8.GetBytes(HostileJson.Submit(random));
        var head = random.Next(4) == 0 ? target.Head("POST", "/requests", person, Json, $"Idempotency-Key: \"{id}\"") : target.Head("PUT", $"/requests/{id}", person, Json);
        var answer = await target.ExchangeAsync(FuzzTarget.WithBody(head, body), isHttp: true, cancellationToken);
        target.Submits.Enqueue(new(id, person, answer.Status));
        if (answer.Status == 202 && random.Next(3) == 0)
            await target.ExchangeAsync(FuzzTarget.WithBody(target.Head("PUT", $"/requests/{id}", 1 - person, Json), body), isHttp: true, cancellationToken);
    }

    private static async Task BodyAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var known = target.Submits.TryPeek(out var any) ? any : new(Guid.Empty, 0, 0);
        var (path, person) = random.Next(6) switch
        {
            0 => ($"/requests/{known.Id}/retry", (int?)known.Person),
            1 => ($"/requests/{known.Id}/input", known.Person),
            2 => ("/me/tokens/refresh", null),
            3 => ("/me/pair", null),
            4 => ("/me/sign-up", null),
            _ => ("/me/sign-in", null),
        };
        var type = random.Next(5) == 0 ? $"Content-Type: {Printable(Hostile.HeaderValue(random))}" : Json;
        await target.ExchangeAsync(FuzzTarget.WithBody(target.Head("POST", path, person, type), HostileJson.Body(random)), isHttp: true, cancellationToken);
    }

    private static async Task IdAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var (method, person) = (Hostile.Pick(random, "GET", "PUT", "DELETE", "HEAD"), random.Next(2));
        var path = $"/{Hostile.Pick(random, "requests", "files", "problems")}/{Hostile.Id(random)}{Hostile.Pick(random, "", "", "/events", "/result", "/retry")}";
        var request = method == "PUT" ? FuzzTarget.WithBody(target.Head(method, path, person, Json), Encoding.UTF8.GetBytes(Sound)) : Encoding.Latin1.GetBytes(target.Head(method, path, person) + "\r\n");
        await target.ExchangeAsync(request, isHttp: false, cancellationToken);
    }

    private static async Task HeaderAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        string[] names =
        [
            "Prefer", "If-None-Match", "If-Match", "If-Range", "If-Modified-Since", "Last-Event-ID", "Range", "Idempotency-Key", "Content-Type", "Authorization", "Cookie", "Origin", "Sec-Fetch-Site",
            "traceparent", "tracestate", "baggage", "X-Forwarded-For", "Content-Encoding", "Content-Disposition", "Content-Range", "Accept-Encoding", "Upgrade", "Connection", "Host", "Expect", "X-Evil",
        ];
        var (id, person) = (Hostile.NewId(random), random.Next(2));
        var headers = Enumerable.Range(0, random.Next(1, 6)).Select(_ => (Name: Hostile.Pick(random, names), Value: Hostile.HeaderValue(random))).ToList();
        if (random.Next(5) == 0)
            headers.Add(headers[0]);
        var isHttp = headers.All(header => header.Name is not ("Host" or "Expect" or "Upgrade" or "Connection") && header.Value.All(c => c is >= ' ' and <= '~'));
        var lines = headers.Select(header => $"{header.Name}: {header.Value}").ToArray();
        var (method, path) = Hostile.Pick(
            random,
            ("GET", "/requests"), ("GET", $"/requests/{id}"), ("GET", $"/requests/{id}/events"), ("PUT", $"/requests/{id}"), ("PUT", $"/files/{id}"),
            ("GET", $"/files/{id}"), ("GET", "/me"), ("POST", "/me/tokens"), ("GET", "/problems/gone"));
        if (method == "GET")
        {
            await target.ExchangeAsync(target.Head(method, path, person, lines) + "\r\n", isHttp, cancellationToken);
            return;
        }

        var answer = await target.ExchangeAsync(FuzzTarget.WithBody(target.Head(method, path, person, [Json, .. lines]), Encoding.UTF8.GetBytes(Sound)), isHttp, cancellationToken);
        if (path.StartsWith("/requests", StringComparison.Ordinal) && !headers.Exists(header => header.Name is "Cookie" or "Authorization"))
            target.Submits.Enqueue(new(id, person, answer.Status));
    }

    private static async Task FramingAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var (id, person) = (Hostile.NewId(random), random.Next(2));
        var path = Hostile.Pick(random, $"/requests/{id}", $"/files/{id}", "/me/sign-in");
        var head = target.Head(path == "/me/sign-in" ? "POST" : "PUT", path, person, Json);
        var length = Encoding.UTF8.GetByteCount(Sound);
        var framed = random.Next(14) switch
        {
            0 => $"Content-Length: {length}\r\nContent-Length: {length + 1}\r\n\r\n{Sound}",
            1 => $"Content-Length: -1\r\n\r\n{Sound}",
            2 => $"Content-Length: {length - 5}\r\n\r\n{Sound}",
            3 => $"Content-Length: 99999999999999999999\r\n\r\n{Sound}",
            4 => $"Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n{Sound}",
            5 => $"Transfer-Encoding: chunked\r\n\r\nzz\r\n{Sound}",
            6 => $"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{Sound}",
            7 => $"Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{Sound}\r\n5",
            8 => $"Transfer-Encoding: gzip\r\n\r\n{Sound}",
            9 => $"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
            10 => $"Transfer-Encoding: chunked\r\n\r\n{string.Concat(Sound.Select(c => $"1\r\n{c}\r\n"))}0\r\nTrailer: x\r\n\r\n",
            11 => $"Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n{Sound}",
            12 => $"Content-Length: {length}\r\n folded: header\r\n\r\n{Sound}",
            _ => $"\r\n{Sound}",
        };
        using var connection = await RawHttp.ConnectAsync(target.Url, cancellationToken);
        await connection.SendAsync(head + framed, cancellationToken);
        connection.HalfClose();
        var answer = await connection.ReadAsync(cancellationToken);
        target.Check(answer, Encoding.Latin1.GetBytes(head + framed), isHttp: false);
        if (path == "/me/sign-in")
            answer.Status.ShouldNotBeInRange(200, 299, "nobody has signed in");
        if (path.StartsWith("/requests/", StringComparison.Ordinal))
            target.Submits.Enqueue(new(id, person, answer.Status));
    }

    private static async Task MethodAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var method = Hostile.Pick(random, "PATCH", "OPTIONS", "TRACE", "CONNECT", "HEAD", "POST", "put", "GETS", "BREW", "P\u00fcT", "", "DELETE", "PROPFIND");
        var path = Hostile.Pick(
            random,
            "/", "*", "/requests", "/me", "/problems", "/feedback", "/feedback/negotiate", "/openapi/v1.json", "//", "/..", "http://other.example/me", "/health",
            "/admin/requests", "requests");
        var version = Hostile.Pick(random, "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/9.9", "HTTP", "");
        await target.ExchangeAsync(target.Head(method, path, random.Next(2)).Replace("HTTP/1.1", version, StringComparison.Ordinal) + "\r\n", isHttp: false, cancellationToken);
    }

    private static Task<RawAnswer> QueryAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var path = $"{Hostile.Pick(random, "/requests", $"/requests/{Hostile.NewId(random)}/events", "/me", "/problems/gone")}?{Hostile.Query(random)}";
        // The server takes request lines of 8 KB.
        return target.ExchangeAsync(target.Head("GET", path, random.Next(2)) + "\r\n", isHttp: path.Length < 8_000, cancellationToken);
    }

    private static async Task SizeAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var (id, person) = (Hostile.NewId(random), random.Next(2));
        var size = Hostile.Pick(random, 0, 1, 16_383, 16_385, 99_999, 100_001, 262_144, 262_145, 1_048_575, 1_048_576, 1_048_577, 2_000_000) + random.Next(3);
        var body = Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Sound.PadRight(size) : Sound.Replace("hi", new string('x', size), StringComparison.Ordinal));
        var path = Hostile.Pick(random, $"/requests/{id}", $"/requests/{id}", $"/requests/{id}/input", $"/files/{id}", "/me/sign-in");
        var method = path.EndsWith("input", StringComparison.Ordinal) || path.StartsWith("/me", StringComparison.Ordinal) ? "POST" : "PUT";
        var answer = await target.ExchangeAsync(FuzzTarget.WithBody(target.Head(method, path, person, Json), body), isHttp: true, cancellationToken);
        if (path == string.Create(CultureInfo.InvariantCulture, $"/requests/{id}"))
            target.Submits.Enqueue(new(id, person, answer.Status));
    }

    private static string Printable(string value) => string.Concat(value.Where(c => c is >= ' ' and <= '~'));
}
