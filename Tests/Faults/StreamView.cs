using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;

namespace AspireFeedback.Tests.Faults;

/// <summary>Follows one request by server-sent events as a browser does: after each break from the last id, until the server says that there is no more.</summary>
internal sealed class StreamView(HttpClient http, RequestHistory request)
{
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_followLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pauseBetweenConnections = TimeSpan.FromMilliseconds(200);

    /// <summary>Until the end of the request; a held one is left when this is told to stop.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        while (!request.EndedOn(Channels.ServerSentEvents) && !stop.IsCancellationRequested)
        {
            try
            {
                if (await ReadAsync(stop))
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The next connection takes up where this one broke.
            }

            await Task.Delay(s_pauseBetweenConnections, CancellationToken.None);
        }
    }

    /// <returns>Whether the server said that nothing more will come.</returns>
    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_connectLimit);
        using var message = new HttpRequestMessage(HttpMethod.Get, $"/requests/{request.Id}/events");
        message.Headers.Accept.Add(new("text/event-stream"));
        if (request.LastOf(Channels.ServerSentEvents) is var last and > 0)
            message.Headers.Add("Last-Event-ID", last.ToString(CultureInfo.InvariantCulture));
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (response.StatusCode is HttpStatusCode.NoContent)
            return true;
        response.EnsureSuccessStatusCode();
        // A replica that was paused keeps the connection and says nothing; somebody who waits tries another one in the end.
        limit.CancelAfter(s_followLimit);
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token))
        {
            if (item.EventId is { Length: > 0 } id)
                request.Saw(Channels.ServerSentEvents, [new(int.Parse(id, CultureInfo.InvariantCulture), item.EventType)]);
        }

        return false;
    }
}
