using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace AspireFeedback.Web.Identity;

/// <summary>
/// Hub connections, event streams and calls that wait for a change: let in once, they would outlive what let them in. They end when that does; the
/// client comes back as who it is then.
/// </summary>
internal sealed class OpenCalls(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HashSet<Call>> _byOwner = [];

    /// <summary>Calls that a browser's same-origin policy does not cover, and that stay open.</summary>
    public static bool IsLive(HttpRequest request) =>
        StaysOpen.Is(request.HttpContext)
        || request.HttpContext.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest is true
        || request.Headers.Accept.Any(value => value?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) is true);

    /// <summary>Beside these, what waits with <c>Prefer: wait</c> for up to a minute, and would then tell what its caller may not know any more.</summary>
    private static bool Lasts(HttpRequest request) => request.Headers.ContainsKey("Prefer") || IsLive(request);

    public async Task FollowAsync(HttpContext context, RequestDelegate next)
    {
        if (!Lasts(context.Request) || Owner.Of(context.User) is not { } owner)
        {
            await next(context);
            return;
        }

        var call = new Call(Owner.StampOf(context.User), UntilOf(context), context.Abort);
        Add(owner, call);
        try
        {
            await next(context);
        }
        finally
        {
            Remove(owner, call);
        }
    }

    /// <summary>Ends the owner's calls that would not be let in any more.</summary>
    public void End(OwnerStanding standing)
    {
        Call[] ended;
        lock (_gate)
            ended = _byOwner.TryGetValue(standing.Id, out var calls) ? [.. calls.Where(call => !standing.Admits(call.Stamp))] : [];
        foreach (var call in ended)
            call.Abort();
    }

    public void EndExpired()
    {
        var now = time.GetUtcNow();
        Call[] ended;
        lock (_gate)
            ended = [.. _byOwner.Values.SelectMany(calls => calls).Where(call => call.Until <= now)];
        foreach (var call in ended)
            call.Abort();
    }

    /// <summary>A token's end; our own cookie is renewed by other calls meanwhile.</summary>
    private static DateTimeOffset? UntilOf(HttpContext context) => context.User.Identity?.AuthenticationType is not Schemes.Cookie
        ? context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc
        : null;

    private void Add(Guid owner, Call call)
    {
        lock (_gate)
        {
            if (!_byOwner.TryGetValue(owner, out var calls))
                _byOwner[owner] = calls = [];
            calls.Add(call);
        }
    }

    private void Remove(Guid owner, Call call)
    {
        lock (_gate)
        {
            if (_byOwner.TryGetValue(owner, out var calls) && calls.Remove(call) && calls.Count == 0)
                _byOwner.Remove(owner);
        }
    }

    private sealed class Call(long? stamp, DateTimeOffset? until, Action abort)
    {
        public long? Stamp { get; } = stamp;
        public DateTimeOffset? Until { get; } = until;
        public Action Abort { get; } = abort;
    }
}
