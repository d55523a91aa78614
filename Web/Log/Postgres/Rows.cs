using System.Data.Common;
using System.Text.Json;
using AspireFeedback.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>How snapshots, events and outgoing messages look in rows, and how arrays of them become parameters.</summary>
internal static class Rows
{
    /// <summary>Columns of a snapshot, in the order that <see cref="ReadState"/> expects.</summary>
    public const string StateColumns = "r.id, r.owner, r.kind, r.status, r.version, r.created_at, r.updated_at, r.deadline, r.state, r.result";

    public static RequestState ReadState(DbDataReader reader, int first = 0) =>
        JsonSerializer.Deserialize<RequestState>(reader.GetString(first + 8), FeedbackJson.Options)! with
        {
            Id = reader.GetGuid(first),
            Owner = reader.GetGuid(first + 1),
            Kind = reader.GetString(first + 2),
            Status = StatusOf(reader.GetString(first + 3)),
            Version = reader.GetInt32(first + 4),
            CreatedAt = TimeOf(reader, first + 5),
            UpdatedAt = TimeOf(reader, first + 6),
            Deadline = TimeOf(reader, first + 7),
            Result = reader.IsDBNull(first + 9) ? null : reader.GetString(first + 9),
        };

    public static string WriteState(RequestState state) => JsonSerializer.Serialize(state, FeedbackJson.Options);

    public static StoredEvent ReadEvent(DbDataReader reader) =>
        new(reader.GetGuid(0), reader.GetInt32(1), TimeOf(reader, 2), EventNames.Read(reader.GetString(3), reader.GetString(4), reader.GetGuid(0), reader.GetInt32(1)));

    public static DateTimeOffset TimeOf(DbDataReader reader, int column) => new(reader.GetFieldValue<DateTime>(column), TimeSpan.Zero);

    public static RequestStatus StatusOf(string name) => name switch
    {
        nameof(RequestStatus.Pending) => RequestStatus.Pending,
        nameof(RequestStatus.Running) => RequestStatus.Running,
        nameof(RequestStatus.InputRequired) => RequestStatus.InputRequired,
        nameof(RequestStatus.Held) => RequestStatus.Held,
        nameof(RequestStatus.Succeeded) => RequestStatus.Succeeded,
        nameof(RequestStatus.Failed) => RequestStatus.Failed,
        nameof(RequestStatus.Canceled) => RequestStatus.Canceled,
        _ => throw new InvalidDataException($"The log holds a status '{name}' that this version does not know."),
    };

    public static string NameOf(RequestStatus status) => status switch
    {
        RequestStatus.Pending => nameof(RequestStatus.Pending),
        RequestStatus.Running => nameof(RequestStatus.Running),
        RequestStatus.InputRequired => nameof(RequestStatus.InputRequired),
        RequestStatus.Held => nameof(RequestStatus.Held),
        RequestStatus.Succeeded => nameof(RequestStatus.Succeeded),
        RequestStatus.Failed => nameof(RequestStatus.Failed),
        RequestStatus.Canceled => nameof(RequestStatus.Canceled),
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static void AddArray<T>(this NpgsqlCommand command, NpgsqlDbType type, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });

    public static void Add<T>(this NpgsqlCommand command, NpgsqlDbType type, T value) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });

    public static void Add<T>(this NpgsqlBatchCommand command, NpgsqlDbType type, T value) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
}
