using System.Buffers;
using System.IO.Pipelines;
using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AspireFeedback.Web.Feedback;

/// <summary>Server-sent events as the HTML standard has them, written straight into the response: no buffer of its own.</summary>
internal sealed class EventStream(PipeWriter output, FeedbackMetrics metrics, string channel)
{
    private static readonly byte[] Opened = ": open\n\n"u8.ToArray();
    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

    /// <summary>Runs until <paramref name="run"/> is through, the client leaves or this instance stops; clients come back with the last id they saw.</summary>
    public static async Task RunAsync(HttpContext context, string channel, Func<EventStream, LiveFeed, TimeSpan, CancellationToken, Task> run)
    {
        var services = context.RequestServices;
        var metrics = services.GetRequiredService<FeedbackMetrics>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        metrics.Connected(channel);
        try
        {
            var stream = new EventStream(context.Response.BodyWriter, metrics, channel);
            await stream.OpenAsync(context, end.Token);
            await run(stream, services.GetRequiredService<LiveFeed>(), services.GetRequiredService<IOptions<FeedbackOptions>>().Value.Heartbeat, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Nothing is owed to them.
        }
        finally
        {
            metrics.Left(channel);
        }
    }

    /// <param name="untilDone">Whether the stream ends with the request.</param>
    public async Task SendAllAsync(Subscription subscription, Action<EventStream, Change> write, bool untilDone, CancellationToken cancellationToken)
    {
        while (await subscription.NextAsync(cancellationToken) is { Ended: false } next)
        {
            if (next.Change is not { } change)
            {
                await output.WriteAsync(Heartbeat, cancellationToken);
                continue;
            }
            using var push = metrics.Push(channel, change);
            write(this, change);
            await output.FlushAsync(cancellationToken);
            if (untilDone && change.Done)
                return;
        }
    }

    /// <param name="data">One line.</param>
    public void Write(string id, string type, ReadOnlySpan<byte> data)
    {
        Encoding.UTF8.GetBytes($"id: {id}\nevent: {type}\ndata: ", output);
        output.Write(data);
        output.Write("\n\n"u8);
    }

    /// <summary>An id without data: nothing is dispatched, but a client that comes back names it.</summary>
    public async Task SendIdAsync(string id, CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes($"id: {id}\n\n", output);
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Sends headers and a first comment at once, so that clients and proxies see an open stream.</summary>
    private async Task OpenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var headers = context.Response.Headers;
        headers.ContentType = MediaTypeNames.Text.EventStream;
        headers.CacheControl = "no-cache";
        headers.Append(HeaderNames.Vary, "Cookie, Authorization, Accept");
        headers["X-Accel-Buffering"] = "no"; // nginx would hold the stream back
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await output.WriteAsync(Opened, cancellationToken);
    }
}
