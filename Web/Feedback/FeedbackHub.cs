using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using Microsoft.AspNetCore.SignalR;

namespace AspireFeedback.Web.Feedback;

/// <summary>
/// The hub at <c>/feedback</c>. Clients call <see cref="Sync"/>; from then on the server calls <c>Changed</c> with a <see cref="Changed"/> for
/// every change of the owner's requests. <see cref="Ping"/> tells a client that its connection lives.
/// </summary>
internal sealed partial class FeedbackHub(
    IRequestLog log, KindCatalog kinds, LiveFeed feed, LogReader reader, FeedbackMetrics metrics, IHubContext<FeedbackHub> hub, ILogger<HubFeed> logger) : Hub
{
    public override Task OnConnectedAsync()
    {
        if (Owner.Of(Context.User) is not { } owner)
        {
            Context.Abort(); // the endpoint's policy lets nobody get here without an owner
            return Task.CompletedTask;
        }
        var connection = Context;
        Context.Items[typeof(HubFeed)] = new HubFeed(owner, Context.ConnectionId, log, kinds, feed, reader, metrics, hub, connection.Abort, logger);
        return Task.CompletedTask;
    }

    /// <summary>Tells what the client has missed, and starts the pushes.</summary>
    public async Task<SyncAnswer> Sync(SyncRequest? request)
    {
        if (request is null)
            throw new HubException("'Sync' takes an object.");
        DateTimeOffset? since = null;
        if (request.Since is { } cursor)
            since = OwnerCursor.TryRead(cursor, out var at) ? at : throw new HubException("'since' is not a cursor of this system.");
        if (request.Known is { Count: > SyncRequest.MostKnown })
            throw new HubException($"'known' may name {SyncRequest.MostKnown} requests at most.");
        if (Context.Items[typeof(HubFeed)] is not HubFeed connection)
            throw new HubException("The connection has no owner.");
        try
        {
            return await connection.SyncAsync(since, request.Known ?? new Dictionary<Guid, int>());
        }
        catch (LogUnavailableException)
        {
            throw new HubException("The requests cannot be read at the moment; sync again in a few seconds.");
        }
        catch (OperationCanceledException)
        {
            throw new HubException("The connection has ended, or syncs again.");
        }
        catch (Exception e) when (e is not HubException)
        {
            LogDefect(e);
            throw new HubException("Something went wrong here.");
        }
    }

    /// <summary>That there is an answer is what counts: a connection that died without a word is found out when it is asked, not half a minute later.</summary>
    public bool Ping() => !Context.ConnectionAborted.IsCancellationRequested;

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items[typeof(HubFeed)] is HubFeed connection)
            await connection.DisposeAsync();
    }

    [LoggerMessage(4331, LogLevel.Error, "A Sync failed")]
    private partial void LogDefect(Exception e);
}
