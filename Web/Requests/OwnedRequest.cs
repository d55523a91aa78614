using System.Security.Claims;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Requests;

/// <summary>The one way from an id in a URL to a request: only its owner gets there, and a foreign one is as unknown as one that never was.</summary>
internal static class OwnedRequest
{
    public static async Task<RequestState?> FindAsync(LogReader reader, ClaimsPrincipal user, string id, CancellationToken cancellationToken) =>
        RequestId.TryParse(id, out var requestId)
        && await reader.LoadAsync(requestId, cancellationToken) is { } state
        && state.Owner == Owner.Required(user)
            ? state
            : null;
}
