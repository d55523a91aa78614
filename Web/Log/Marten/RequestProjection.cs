using AspireFeedback.Web.Log.Postgres;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>The snapshots, in the transaction of their events, by the same fold as everywhere.</summary>
internal sealed class RequestProjection : IProjection
{
    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var before = await LoadAsync(operations, [.. events.Where(e => e.Version > 1).Select(e => e.StreamId).Distinct()], cancellation);
        foreach (var stream in events.GroupBy(e => e.StreamId))
        {
            before.TryGetValue(stream.Key, out var known);
            var (state, fingerprint) = (known.State ?? new RequestState { Id = stream.Key }, known.Fingerprint);
            foreach (var e in stream)
            {
                state = state.Apply((RequestEvent)e.Data, e.Timestamp);
                fingerprint ??= (e.Data as RequestAccepted)?.Fingerprint;
            }

            operations.Store(RequestDocument.Of(state, fingerprint ?? throw new InvalidOperationException($"Request {stream.Key} was never accepted.")));
        }
    }

    private static async Task<Dictionary<Guid, (RequestState? State, string? Fingerprint)>> LoadAsync(
        IDocumentOperations operations, Guid[] ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, (RequestState?, string?)>(ids.Length);
        if (ids.Length == 0)
            return found;
        await using var command = new NpgsqlCommand($"select {Rows.StateColumns}, r.fingerprint from requests r where r.id = any($1)");
        command.AddArray(NpgsqlDbType.Uuid, ids);
        await using var reader = await operations.ExecuteReaderAsync(command, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var state = Rows.ReadState(reader);
            found[state.Id] = (state, reader.GetString(10));
        }

        return found;
    }
}
