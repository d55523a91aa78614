using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>
/// The guard of the global order: up to which position nothing can become visible any more. First the newest visible position is read, and after
/// it who has the log open for writing (<c>log_writers</c>): whoever was given a lower position is among them or visible already. Once all of them
/// have ended, everything up to that position stands. Writers that come later get higher positions.
/// </summary>
internal sealed class SettledPositions(LogDatabase database, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1);
    private long _settled;

    /// <summary>Kept while somebody holds it back: writers that overlap each other would hold back a new one for ever.</summary>
    private Mark? _mark;

    /// <summary>Waits for <paramref name="patience"/> at most.</summary>
    public async Task<LogPosition> SettleAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var start = time.GetTimestamp();
            for (var isNew = false; !isNew;)
            {
                isNew = _mark is null;
                var mark = _mark ??= await MarkAsync(cancellationToken);
                for (var pause = FirstPause; await IsHeldBackAsync(mark, cancellationToken); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
                {
                    if (time.GetElapsedTime(start) >= patience)
                        return new(_settled);
                    await Task.Delay(pause, time, cancellationToken);
                }

                (_settled, _mark) = (mark.Newest, null);
            }

            return new(_settled);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Mark> MarkAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Two statements, in this order.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select coalesce(max(position), 0) from request_events"),
                new("select virtualtransaction from log_writers"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var newest = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var writers = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            writers.Add(reader.GetString(0));
        // Lower than before: an older backup has been restored, or the end of the log has gone with its request.
        _settled = Math.Min(_settled, newest);
        return new(newest, [.. writers]);
    }

    private async Task<bool> IsHeldBackAsync(Mark mark, CancellationToken cancellationToken)
    {
        if (mark.Writers.Length == 0)
            return false;
        await using var command = database.CreateCommand("select exists (select from log_writers where virtualtransaction = any($1))");
        command.AddArray(NpgsqlDbType.Text, mark.Writers);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed record Mark(long Newest, string[] Writers);
}
