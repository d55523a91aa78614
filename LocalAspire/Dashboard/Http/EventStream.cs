using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AspireFeedback.LocalAspire.Dashboard.Http;

/// <summary>Server-sent events to one reader. A reader that does not take them in time is cut off; it comes back by itself and begins anew.</summary>
internal sealed class EventStream(HttpContext context, CancellationToken stopping)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);

    private long _lastWrite = TimeProvider.System.GetTimestamp();

    public async Task BeginAsync()
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(": live\n\n");
    }

    /// <summary>Waits for a while; false when there is nobody any more to send to.</summary>
    public async Task<bool> IsOpenAsync(TimeSpan wait)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(wait, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ended.IsCancellationRequested)
            return false;
        if (TimeProvider.System.GetElapsedTime(_lastWrite) > s_heartbeat)
            await WriteAsync(": still here\n\n");
        return true;
    }

    // JSON has no line breaks of its own.
    public Task SendAsync(string name, object data) => WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, Json.Options)}\n\n");

    private async Task WriteAsync(string text)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(s_patience);
        try
        {
            await context.Response.WriteAsync(text, deadline.Token);
            await context.Response.Body.FlushAsync(deadline.Token);
            _lastWrite = TimeProvider.System.GetTimestamp();
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }
}
