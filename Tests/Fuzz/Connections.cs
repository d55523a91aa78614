using System.Globalization;
using System.Text;
using Shouldly;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>Clients that leave in the middle, say nothing more, or hardly anything.</summary>
internal static class Connections
{
    private const string Json = "Content-Type: application/json";
    private const string Sound = """{"kind":"echo","payload":{"text":"hi"}}""";

    public static IReadOnlyList<Attack> All { get; } = [LeaveAnUploadAsync, LeaveASubmitAsync, LeaveAnAnswerAsync, LeaveAStreamAsync, HalfCloseAsync];

    /// <summary>Each ends within the patience of <see cref="RawHttp"/>, or the server holds a connection for whoever has one byte to send.</summary>
    public static IReadOnlyList<Attack> Slow { get; } = [DripHeadAsync, DripBodyAsync, DripFileAsync];

    private static async Task LeaveAnUploadAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        using var connection = await RawHttp.ConnectAsync(target.Url, cancellationToken);
        var bytes = new byte[random.Next(1, 700_000)];
        await connection.SendAsync(target.Head("PUT", $"/files/{Hostile.NewId(random)}", random.Next(2)) + $"Content-Length: {bytes.Length + 1}\r\n\r\n", cancellationToken);
        await connection.SendAsync(bytes, cancellationToken);
        connection.Vanish();
    }

    private static async Task LeaveASubmitAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var (id, person) = (Hostile.NewId(random), random.Next(2));
        using var connection = await RawHttp.ConnectAsync(target.Url, cancellationToken);
        var bytes = FuzzTarget.WithBody(target.Head("PUT", $"/requests/{id}", person, Json, Hostile.Pick(random, "Prefer: wait=60", "X-Nothing: x")), Encoding.UTF8.GetBytes(Sound));
        await connection.SendAsync(bytes.AsMemory(0, random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length), cancellationToken);
        connection.Vanish();
        target.Submits.Enqueue(new(id, person, 0));
    }

    private static async Task LeaveAnAnswerAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var known = target.Submits.TryPeek(out var any) ? any : new(Guid.Empty, 0, 0);
        using var connection = await RawHttp.ConnectAsync(target.Url, cancellationToken);
        await connection.SendAsync(target.Head("GET", $"/requests/{known.Id}", known.Person, "Prefer: wait=60") + "\r\n", cancellationToken);
        await Task.Delay(random.Next(100), cancellationToken);
        connection.Vanish();
    }

    private static async Task LeaveAStreamAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var known = target.Submits.TryPeek(out var any) ? any : new(Guid.Empty, 0, 0);
        using var connection = await RawHttp.ConnectAsync(target.Url, cancellationToken);
        var path = Hostile.Pick(random, "/me/events", $"/requests/{known.Id}/events");
        await connection.SendAsync(target.Head("GET", path, known.Person, "Accept: text/event-stream", $"Last-Event-ID: {Hostile.Pick(random, "", "0", "t8de5f0000000000")}") + "\r\n", cancellationToken);
        await Task.Delay(random.Next(200), cancellationToken);
        if (random.Next(2) == 0)
            connection.HalfClose();
        connection.Vanish();
    }

    /// <summary>Who has sent its request whole may stop sending and still gets the answer; who has not gets none, and nothing is kept.</summary>
    private static async Task HalfCloseAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var (id, person, isWhole) = (Hostile.NewId(random), random.Next(2), random.Next(2) == 0);
        var bytes = FuzzTarget.WithBody(target.Head("PUT", $"/requests/{id}", person, Json), Encoding.UTF8.GetBytes(Sound));
        using var connection = await RawHttp.ConnectAsync(target.Url, cancellationToken);
        await connection.SendAsync(bytes.AsMemory(0, isWhole ? bytes.Length : bytes.Length - 1), cancellationToken);
        connection.HalfClose();
        var answer = await connection.ReadAsync(cancellationToken);
        target.Check(answer, bytes, isHttp: false);
        if (!isWhole)
            answer.Status.ShouldNotBe(202);
        // Without an answer the whole one is unknown, as after any broken connection.
        target.Submits.Enqueue(new(id, person, isWhole ? answer.Status : 400));
    }

    private static Task DripHeadAsync(FuzzTarget target, Random random, CancellationToken cancellationToken) =>
        DripAsync(target, "", target.Head("GET", "/requests", 0) + "X-Slow: " + new string('x', 1_000), null, cancellationToken);

    private static Task DripBodyAsync(FuzzTarget target, Random random, CancellationToken cancellationToken)
    {
        var id = Hostile.NewId(random);
        target.Submits.Enqueue(new(id, 0, 408));
        return DripAsync(target, target.Head("PUT", $"/requests/{id}", 0, Json) + "Content-Length: 1000\r\n\r\n", new string(' ', 1_000), 408, cancellationToken);
    }

    private static Task DripFileAsync(FuzzTarget target, Random random, CancellationToken cancellationToken) => DripAsync(
        target, target.Head("PUT", string.Create(CultureInfo.InvariantCulture, $"/files/{Hostile.NewId(random)}"), 0) + "Content-Length: 100000\r\n\r\n", new string('x', 1_000), 408, cancellationToken);

    private static async Task DripAsync(FuzzTarget target, string atOnce, string dripped, int? status, CancellationToken cancellationToken)
    {
        using var connection = await RawHttp.ConnectAsync(target.Url, cancellationToken);
        await connection.SendAsync(atOnce, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var dripping = DripAsync(connection, dripped, ended.Token);
        var answer = await connection.ReadAsync(cancellationToken);
        await ended.CancelAsync();
        await dripping;
        target.Check(answer, Encoding.Latin1.GetBytes(atOnce), isHttp: false);
        if (status is not null && answer.Status != 0)
            answer.Status.ShouldBe(status.Value);
    }

    private static async Task DripAsync(RawHttp connection, string text, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var c in text)
            {
                if (!await connection.SendAsync(c.ToString(), cancellationToken))
                    return;
                await Task.Delay(TimeSpan.FromSeconds(0.5), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server had enough.
        }
    }
}
