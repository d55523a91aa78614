using System.Runtime.CompilerServices;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Admin;

/// <summary>A stream from its beginning, page by page.</summary>
internal static class WholeStream
{
    /// <summary>What is beyond is not read for one call: a worker that reports without end must not cost a replica its memory.</summary>
    public const int Most = 20_000;

    private const int PageSize = 500;

    public static async IAsyncEnumerable<StoredEvent> ReadAsync(IRequestLog log, Guid id, int upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = Math.Min(upTo, Most);
        for (var version = 0; version < last;)
        {
            var page = await log.ReadStreamAsync(id, version, Math.Min(PageSize, last - version), cancellationToken);
            if (page.Count == 0)
                yield break;
            foreach (var stored in page)
                yield return stored;
            version = page[^1].Version;
        }
    }
}
