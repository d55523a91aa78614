using AspireFeedback.Web.Log.Postgres;
using Marten;
using Marten.Exceptions;
using Npgsql;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>A batch of submits as one session: what is new begins a stream, of the rest it tells what stands there.</summary>
internal sealed class MartenSubmit(LogDatabase database, IDocumentStore store, SubmitStatement statement, DatabaseClock clock)
{
    private const int MaxRounds = 8;

    public async Task<IReadOnlyList<SubmitResult>> RunAsync(IReadOnlyList<Submission> batch, CancellationToken cancellationToken)
    {
        var unique = batch.DistinctBy(item => item.Id).OrderBy(item => item.Id, UuidOrder.Instance).ToArray();
        var found = await InsertAsync(unique, cancellationToken);
        var firsts = new HashSet<Guid>();
        return [.. batch.Select(item => found[item.Id].Answer(item, isFirst: firsts.Add(item.Id)))];
    }

    private async Task<Dictionary<Guid, SubmitStatement.Found>> InsertAsync(Submission[] items, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var found = new Dictionary<Guid, SubmitStatement.Found>(items.Length);
            await statement.FindAsync(items, found, cancellationToken);
            var free = Array.FindAll(items, item => !found.ContainsKey(item.Id));
            if (free.Length == 0)
                return found;
            try
            {
                await InsertAsync(free, found, cancellationToken);
                return found;
            }
            catch (Exception e) when (round < MaxRounds && IsTaken(e))
            {
                // Another instance began one of these streams since we looked; the next look finds it.
            }
        }
    }

    private async Task InsertAsync(Submission[] items, Dictionary<Guid, SubmitStatement.Found> found, CancellationToken cancellationToken)
    {
        await using var transaction = await MartenTransaction.BeginAsync(database, store, cancellationToken);
        var now = await NowAsync(transaction.Connection, cancellationToken);
        foreach (var item in items)
        {
            var accepted = statement.Accept(item);
            var dispatch = DispatchDocument.Of(new(item.Id, "work", item.Kind, 1, 1, 1, null, now + SubmitStatement.FirstClaim));
            transaction.Session.Events.StartStream(item.Id, transaction.Session.Events.At(accepted, now));
            transaction.Session.Insert(dispatch);
            found[item.Id] = SubmitStatement.Found.New(item, accepted, now, dispatch.Id, dispatch.MessageId);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static bool IsTaken(Exception e) =>
        e is ExistingStreamIdCollisionException or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private async Task<DateTimeOffset> NowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select now()", connection);
        var now = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!, TimeSpan.Zero);
        clock.Observe(now);
        return now;
    }
}
