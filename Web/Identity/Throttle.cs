using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace AspireFeedback.Web.Identity;

/// <summary>So many attempts of something within a time.</summary>
/// <param name="What">What is limited, and by what.</param>
/// <param name="Key">Whose attempts are counted together.</param>
internal sealed record Limit(string What, string Key, int Attempts, TimeSpan Within)
{
    /// <summary>PostgreSQL keeps no names or addresses for it.</summary>
    public byte[] Bucket => SHA256.HashData(Encoding.UTF8.GetBytes($"{What}\n{Key}"));

    /// <summary>A household has a /64 of IPv6 addresses.</summary>
    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } address => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } address => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        var address => address.ToString(),
    };
}

/// <summary>Counts attempts in PostgreSQL, so that a limit holds over all instances together. An attempt counts when it is made, whatever comes of it.</summary>
internal sealed class Throttle(NpgsqlDataSource database)
{
    // In one order, so that two attempts do not wait for each other in a circle.
    private const string Count = """
        insert into attempts as a (bucket, hits, ends_at)
        select i.bucket, 1, now() + i.span from unnest($1, $2) as i(bucket, span) order by i.bucket
        on conflict (bucket) do update
        set hits = case when a.ends_at <= now() then 1 else a.hits + 1 end,
            ends_at = case when a.ends_at <= now() then excluded.ends_at else a.ends_at end
        returning a.bucket, a.hits, extract(epoch from a.ends_at - now())::float8
        """;

    /// <returns>The refusal when one of the limits is passed.</returns>
    public async Task<ProblemHttpResult?> RefuseAsync(HttpContext context, params Limit[] limits)
    {
        if (await PassedAsync(limits, context.RequestAborted) is not { } wait)
            return null;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Result("too-fast");
    }

    /// <summary>Begins to count anew.</summary>
    public Task ForgetAsync(Limit limit, CancellationToken cancellationToken) => Faults.RunAsync(async () =>
    {
        await using var command = database.CreateCommand("delete from attempts where bucket = $1");
        command.Add(NpgsqlDbType.Bytea, limit.Bucket);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    private Task<TimeSpan?> PassedAsync(Limit[] limits, CancellationToken cancellationToken) => Faults.RunAsync<TimeSpan?>(async () =>
    {
        await using var command = database.CreateCommand(Count);
        command.AddArray(NpgsqlDbType.Bytea, Array.ConvertAll(limits, limit => limit.Bucket));
        command.AddArray(NpgsqlDbType.Interval, Array.ConvertAll(limits, limit => limit.Within));
        TimeSpan? wait = null;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var bucket = reader.GetFieldValue<byte[]>(0);
            var passed = reader.GetInt32(1) > limits.First(limit => limit.Bucket.AsSpan().SequenceEqual(bucket)).Attempts;
            var left = TimeSpan.FromSeconds(reader.GetDouble(2));
            if (passed && !(wait > left))
                wait = left;
        }

        return wait;
    });
}
