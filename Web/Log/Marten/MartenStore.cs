using AspireFeedback.Contracts;
using AspireFeedback.Web.Log.Postgres;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Weasel.Core;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>How Marten keeps the log: a stream for each request under its id, the snapshot and the outbox as documents.</summary>
internal static class MartenStore
{
    public static DocumentStore Build(LogDatabase database) => DocumentStore.For(options =>
    {
        options.Connection(database.Source);
        options.DatabaseSchemaName = database.Views ?? throw new InvalidOperationException("The log on Marten needs a schema of its own.");
        options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase, Configure);
        options.Policies.DisableInformationalFields();
        // A statement that failed has ended its transaction; who repeats, begins a new one.
        options.ConfigurePolly(_ => { });

        options.Events.StreamIdentity = StreamIdentity.AsGuid;
        // Versions and times are known before the statement, so that the snapshot is of them; and the times are those that were decided on.
        options.Events.AppendMode = EventAppendMode.Rich;
        foreach (var type in EventNames.Types)
            options.Events.MapEventType(type, EventNames.StoredNameOf(type));
        options.Projections.Add(new RequestProjection(), ProjectionLifecycle.Inline);
        MapRequests(options);
        MapDispatches(options);
    });

    private static void Configure(System.Text.Json.JsonSerializerOptions json)
    {
        FeedbackJson.Configure(json);
        json.Converters.Add(new RawJsonConverter());
    }

    private static void MapRequests(StoreOptions options) => options.Schema.For<RequestDocument>()
        .DocumentAlias("request")
        .Duplicate(x => x.Owner, "uuid")
        .Duplicate(x => x.Kind, "text")
        .Duplicate(x => x.Status, "text")
        .Duplicate(x => x.StreamVersion, "integer")
        .Duplicate(x => x.CreatedAt, "timestamptz")
        .Duplicate(x => x.UpdatedAt, "timestamptz")
        .Duplicate(x => x.Deadline, "timestamptz")
        .Duplicate(x => x.Fingerprint, "text")
        .Duplicate(x => x.Done, "boolean")
        .Duplicate(x => x.ExpiresAt!, "timestamptz")
        .Index(x => new { x.Owner, x.CreatedAt, x.Id }, index => index.Name = "request_by_owner")
        .Index(x => new { x.CreatedAt, x.Id }, index => index.Name = "request_by_time")
        .Index(x => new { x.Kind, x.CreatedAt }, index => (index.Name, index.Predicate) = ("request_queue", "not done"))
        .Index(x => x.Deadline, index => (index.Name, index.Predicate) = ("request_open", "not done"))
        .Index(x => x.ExpiresAt!, index => (index.Name, index.Predicate) = ("request_expiring", "expires_at is not null"));

    private static void MapDispatches(StoreOptions options) => options.Schema.For<DispatchDocument>()
        .DocumentAlias("dispatch")
        .HiloSettings(new() { MaxLo = 1000 })
        .Duplicate(x => x.MessageId, "uuid")
        .Duplicate(x => x.RequestId, "uuid")
        .Duplicate(x => x.Type, "text")
        .Duplicate(x => x.Kind, "text")
        .Duplicate(x => x.Attempt, "integer")
        .Duplicate(x => x.Hop, "integer")
        .Duplicate(x => x.EventVersion!, "integer")
        .Duplicate(x => x.DueAt, "timestamptz")
        .Index(x => x.RequestId, index => index.Name = "dispatch_by_request")
        .Index(x => x.DueAt, index => index.Name = "dispatch_due");
}
