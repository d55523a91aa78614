using AspireFeedback.Web.Log.Postgres;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>As <see cref="RepeatStatement"/>, with the dispatches as documents.</summary>
internal sealed class MartenRepeat(LogDatabase database, IDocumentStore store)
{
    private const string Sql = $"""
        {RepeatStatement.Unstarted}
        select u.id, u.kind, (u.state ->> 'attempt')::int, (u.state ->> 'resumeHop')::int, (u.state ->> 'resumeVersion')::int, now()
        from unstarted u join noted n on n.request_id = u.id order by u.id
        """;

    public async Task<IReadOnlyList<RepeatedDispatch>> RunAsync(
        IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken)
    {
        await using var transaction = await MartenTransaction.BeginAsync(database, store, cancellationToken);
        var rows = await FindAsync(transaction.Connection, kinds, patience, limit, cancellationToken);
        transaction.Session.Insert(rows.Select(DispatchDocument.Of).ToArray());
        await transaction.CommitAsync(cancellationToken);
        return rows.ConvertAll(row => new RepeatedDispatch(row.RequestId, row.Kind, row.Attempt));
    }

    private static async Task<List<OutgoingRow>> FindAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.AddArray(NpgsqlDbType.Text, kinds.ToArray());
        command.Add(NpgsqlDbType.Interval, patience);
        command.Add(NpgsqlDbType.Integer, limit);
        var rows = new List<OutgoingRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new(reader.GetGuid(0), "work", reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), null, Rows.TimeOf(reader, 5)));
        return rows;
    }
}
