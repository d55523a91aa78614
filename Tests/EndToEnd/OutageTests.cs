using System.Net;
using System.Net.Sockets;
using System.Text;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

[Collection(SystemTests.Name)]
public sealed class OutageTests(RunningSystem system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_answer_is_cut_off_the_same_put_again_tells_what_became_of_it()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        for (var n = 0; n < 20; n++)
        {
            var id = Guid.CreateVersion7();
            await SendAndHangUpAsync(person, id, waitsForAnswer: n % 2 == 0);
            // Whether it arrived is unknown; the same PUT is safe either way.
            var before = await person.GetAsync($"/requests/{id}", Cancellation);
            if (n % 2 == 0)
                before.Status.ShouldBe(HttpStatusCode.OK, "its answer was on the way: it is committed");
            (await person.SubmitAsync(id, "echo", new { text = "cut off" }, Cancellation)).Status.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.OK);
            await person.UntilAsync(id, "Succeeded", Cancellation);
            (await person.EventsAsync(id, Cancellation)).Count(e => e.GetProperty("type").GetString() == "request-accepted").ShouldBe(1);
        }
    }

    [Fact]
    public async Task While_the_broker_is_down_requests_are_accepted_and_run_when_it_is_back()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var broker = system.App.Server("messaging");
        await broker.KillAsync(Cancellation);
        var ids = Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7()).ToArray();
        try
        {
            foreach (var id in ids)
                (await person.SubmitAsync(id, "echo", new { text = "later" }, Cancellation)).Status.ShouldBe(HttpStatusCode.Accepted);
        }
        finally
        {
            await broker.StartAsync(Cancellation);
        }

        foreach (var id in ids)
            await person.UntilAsync(id, "Succeeded", Cancellation);
    }

    [Fact]
    public async Task A_web_replica_that_dies_takes_nothing_with_it()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var ids = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids)
            await person.SubmitAsync(id, "echo", new { text = "survives", delayMs = 500, steps = 2 }, Cancellation);
        var replica = system.App.Replicas("web")[0];
        await replica.KillAsync(Cancellation);
        try
        {
            foreach (var id in ids)
                await person.UntilAsync(id, "Succeeded", Cancellation);
        }
        finally
        {
            await replica.StartAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_backend_that_dies_in_mid_work_is_replaced_by_another_delivery()
    {
        using var person = await system.NewPersonAsync(Cancellation);
        var ids = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids)
            await person.SubmitAsync(id, "echo", new { text = "again", delayMs = 15_000, steps = 30 }, Cancellation);
        foreach (var id in ids)
            await person.UntilAsync(id, "Running", Cancellation);
        var worker = (await person.EventsAsync(ids[0], Cancellation))[1].GetProperty("data").GetProperty("worker").GetString()!;
        var replica = system.App.Replicas("backend").Single(replica => worker.EndsWith($"{replica.ProcessId}", StringComparison.Ordinal));
        await replica.KillAsync(Cancellation);
        try
        {
            foreach (var id in ids)
                await person.UntilAsync(id, "Succeeded", Cancellation);
        }
        finally
        {
            await replica.StartAsync(Cancellation);
        }

        var starts = (await person.EventsAsync(ids[0], Cancellation)).Where(e => e.GetProperty("type").GetString() == "attempt-started").ToArray();
        starts.Length.ShouldBe(2);
        starts[1].GetProperty("data").GetProperty("redelivered").GetBoolean().ShouldBeTrue();
    }

    /// <summary>Breaks the connection before the answer, or with the answer unread.</summary>
    private static async Task SendAndHangUpAsync(Person person, Guid id, bool waitsForAnswer)
    {
        var body = """{"kind":"echo","payload":{"text":"cut off"}}""";
        var request = $"PUT /requests/{id} HTTP/1.1\r\nHost: {person.Web.Authority}\r\nCookie: {person.CookieHeader}\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(person.Web.Host, person.Web.Port, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        if (waitsForAnswer)
            await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, Cancellation);
        socket.LingerState = new(true, 0);
    }
}
