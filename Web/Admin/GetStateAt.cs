using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Admin;

/// <param name="Event">The event that led to this version.</param>
/// <param name="Request">What the owner could read then.</param>
/// <param name="State">What decisions were made on then; the members that stand in the document are not repeated.</param>
internal sealed record StateAt(int Version, DateTimeOffset At, string Event, OwnedDocument Request, RequestState State);

/// <summary><c>GET /admin/requests/{id}/state?version=n</c>: the stream folded up to a version, the present one when none is named.</summary>
internal sealed class GetStateAt(IRequestLog log, KindCatalog kinds)
{
    public async Task<IResult> HandleAsync(HttpContext context, string id, string? version, CancellationToken cancellationToken)
    {
        if (await AnyRequest.FindAsync(log, id, cancellationToken) is not { } present)
            return Problems.Result("not-found");
        if (!GetEvents.TryRead(version, present.Version, 1, present.Version, out var wanted))
            return Problems.Result("invalid-query", $"version is a number from 1 to {present.Version}.");
        if (wanted > WholeStream.Most)
            return Problems.Result("invalid-query", $"A state is folded from {WholeStream.Most} events at most.");

        RequestState? state = null;
        var last = "";
        await foreach (var stored in WholeStream.ReadAsync(log, present.Id, wanted, cancellationToken))
        {
            state = (state ?? new RequestState { Id = stored.RequestId }).Apply(stored.Event, stored.At);
            last = EventNames.NameOf(stored.Event);
        }

        if (state is null)
            return Problems.Result("not-found"); // removed meanwhile
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Json(new StateAt(state.Version, state.UpdatedAt, last, new(StatusDocument.Of(state, kinds), state.Owner), state), FeedbackJson.Options);
    }
}
