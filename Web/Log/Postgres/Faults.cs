using Npgsql;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>Tells apart what a failed statement means for the batch that it carried.</summary>
internal static class Faults
{
    private const int MaxConflicts = 8;

    /// <summary>Data that PostgreSQL cannot hold (classes 22, 23 and 54): the fault of one item, which must not fail its neighbours.</summary>
    public static bool IsBadData(PostgresException e) => e.SqlState is ['2', '2', ..] or ['2', '3', ..] or ['5', '4', ..];

    /// <summary>Deadlock and serialization failures: the statement did nothing and may be repeated at once.</summary>
    private static bool IsConflict(PostgresException e) => e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>A mistake of ours (class 42, syntax and names): no outage, and repeating would not help.</summary>
    private static bool IsBug(PostgresException e) => e.SqlState is ['4', '2', ..];

    public static async Task<T> RunAsync<T>(Func<Task<T>> statement)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                return await statement();
            }
            catch (PostgresException e) when (IsConflict(e) && conflicts < MaxConflicts)
            {
                // Two batches met in opposite order; one of them won.
            }
            catch (PostgresException e) when (!IsBadData(e) && !IsBug(e))
            {
                throw new LogUnavailableException($"PostgreSQL refused a statement of the log: {e.SqlState}.", e);
            }
            catch (NpgsqlException e) when (e is not PostgresException)
            {
                throw new LogUnavailableException("PostgreSQL cannot be reached.", e);
            }
        }
    }

    /// <summary>Runs a batch as one statement; where an item's data breaks it, each item alone, so that only the bad ones are refused.</summary>
    public static async Task<IReadOnlyList<TResult>> RunBatchAsync<TItem, TResult>(
        IReadOnlyList<TItem> batch, Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> statement, TResult refused)
    {
        try
        {
            return await RunAsync(() => statement(batch));
        }
        catch (PostgresException e) when (IsBadData(e))
        {
            if (batch.Count == 1)
                return [refused];
        }

        var results = new List<TResult>(batch.Count);
        foreach (var item in batch)
            results.AddRange(await RunBatchAsync([item], statement, refused));
        return results;
    }
}
