using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>
/// The list of an owner's requests, with the conditions that are asked for and no others. One text for all of them would have one plan for all of
/// them, and with "is it given or" before each condition no plan can begin at the right place of an index: it would read the owner's whole past.
/// </summary>
internal sealed class ListQuery
{
    private const string Columns = "r.id, r.owner, r.kind, r.status, r.version, r.created_at, r.updated_at, r.deadline, r.state, null::text as result";

    private readonly List<Action<NpgsqlCommand>> _parameters = [];

    public ListQuery(Guid owner, ListFilter filter)
    {
        var conditions = $"r.owner = {Next(NpgsqlDbType.Uuid, owner)}";
        if (filter.Status is { } status)
            conditions += $" and r.status = {Next(NpgsqlDbType.Text, Rows.NameOf(status))}";
        if (filter.Kind is { } kind)
            conditions += $" and r.kind = {Next(NpgsqlDbType.Text, kind)}";
        if (filter.AcceptedAfter is { } accepted)
            conditions += $" and r.created_at > {Next(NpgsqlDbType.TimestampTz, accepted.UtcDateTime)}";
        if (filter.Before is { } before)
            conditions += $" and (r.created_at, r.id) < ({Next(NpgsqlDbType.TimestampTz, before.CreatedAt.UtcDateTime)}, {Next(NpgsqlDbType.Uuid, before.Id)})";
        var rows = $"select {Columns} from requests r where {conditions}";
        if (filter.ChangedAfter is { } changed)
        {
            // updated_at may stand in no index. What is open is little, and what has ended has changed for the last time then.
            var after = Next(NpgsqlDbType.TimestampTz, changed.UtcDateTime);
            rows = $"{rows} and not r.done and r.updated_at > {after} union all {rows} and r.ended_at > {after}";
        }

        Text = $"select * from ({rows}) r order by r.created_at desc, r.id desc limit {Next(NpgsqlDbType.Integer, filter.Limit)}";
    }

    public string Text { get; }

    public void AddParameters(NpgsqlCommand command) => _parameters.ForEach(add => add(command));

    private string Next<T>(NpgsqlDbType type, T value)
    {
        _parameters.Add(command => command.Add(type, value));
        return $"${_parameters.Count}";
    }
}
