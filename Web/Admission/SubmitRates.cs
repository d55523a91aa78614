using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Admission;

/// <summary>How fast an owner and an address may submit to this instance.</summary>
internal sealed class SubmitRates(IOptions<AdmissionOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<Guid>? _owners = Limiter<Guid>(options.Value.RatePerOwner);
    private readonly PartitionedRateLimiter<IPAddress>? _addresses = Limiter<IPAddress>(options.Value.RatePerAddress);

    /// <returns>After which time to try again; <c>null</c> when this one is not too fast.</returns>
    public TimeSpan? Exceeded(Guid owner, IPAddress address) => Exceeded(_owners, owner) ?? Exceeded(_addresses, address);

    public void Dispose()
    {
        _owners?.Dispose();
        _addresses?.Dispose();
    }

    private static TimeSpan? Exceeded<TKey>(PartitionedRateLimiter<TKey>? limiter, TKey key)
    {
        if (limiter is null)
            return null;
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired)
            return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
    }

    private static PartitionedRateLimiter<TKey>? Limiter<TKey>(int perSecond)
        where TKey : notnull => perSecond == 0 ? null : PartitionedRateLimiter.Create<TKey, TKey>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
        {
            TokenLimit = 2 * perSecond,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
}
