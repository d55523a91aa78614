using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.AspNetCore.Http.HttpResults;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

/// <summary>So many attempts of something within a time.</summary>
/// <param name="What">What is limited, and by what.</param>
/// <param name="Key">Whose attempts are counted together.</param>
internal sealed record Limit(string What, string Key, int Attempts, TimeSpan Within)
{
    /// <summary>PostgreSQL keeps no names or addresses for it.</summary>
    public byte[] Bucket => SHA256.HashData(Encoding.UTF8.GetBytes($"{What}\n{Key}"));

    public static string AddressOf(HttpContext context) => CallerAddress.Of(context.Connection.RemoteIpAddress).ToString();
}

/// <summary>Counts attempts in PostgreSQL, so that a limit holds over all instances together. An attempt counts when it is made, whatever comes of it.</summary>
internal sealed class Throttle(LogDatabase database)
{
    private const string Count = """
        insert into attempts as a (bucket, hits, ends_at) values ($1, 1, now() + $2)
        on conflict (bucket) do update
        set hits = case when a.ends_at <= now() then 1 else a.hits + 1 end,
            ends_at = case when a.ends_at <= now() then excluded.ends_at else a.ends_at end
        returning a.hits, extract(epoch from a.ends_at - now())::float8
        """;

    /// <param name="limits">The address first: what it is refused does not count for others, and leaves no row.</param>
    /// <returns>The refusal when one of the limits is passed.</returns>
    public async Task<ProblemHttpResult?> RefuseAsync(HttpContext context, params Limit[] limits)
    {
        foreach (var limit in limits)
        {
            if (await PassedAsync(limit, context.RequestAborted) is not { } wait)
                continue;
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Problems.Result("too-fast");
        }

        return null;
    }

    /// <summary>Begins to count anew.</summary>
    public Task ForgetAsync(Limit limit, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await using var command = database.CreateCommand("delete from attempts where bucket = $1");
        command.Add(NpgsqlDbType.Bytea, limit.Bucket);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    /// <returns>The time to wait when this attempt is one too many.</returns>
    private Task<TimeSpan?> PassedAsync(Limit limit, CancellationToken cancellationToken) => Faults.RunAsync<TimeSpan?>(async () =>
    {
        await using var command = database.CreateCommand(Count);
        command.Add(NpgsqlDbType.Bytea, limit.Bucket);
        command.Add(NpgsqlDbType.Interval, limit.Within);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt32(0) > limit.Attempts ? TimeSpan.FromSeconds(reader.GetDouble(1)) : null;
    });
}
