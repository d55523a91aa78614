namespace AspireFeedback.Bench.Load;

/// <summary>Submit, Backend, and the terminal event at the owner's hub connection.</summary>
internal sealed class WholeWays : ILoad
{
    private readonly Arrivals _arrivals = new();
    private readonly List<OwnerFeed> _feeds = [];
    private readonly Submits _submits;

    private WholeWays(Submits submits) => _submits = submits;

    public int RequestsPerCall => 1;

    public IEnumerable<string> Troubles => _feeds.Select(feed => feed.Lost).OfType<string>().Select(lost => $"hub connection lost: {lost}");

    public static async Task<WholeWays> ConnectAsync(IReadOnlyList<string> urls, int connections, CancellationToken cancellationToken)
    {
        var load = new WholeWays(await Submits.ConnectAsync(urls, connections, cancellationToken));
        foreach (var (index, owner) in load._submits.Owners.Index())
            load._feeds.Add(await OwnerFeed.OpenAsync(new Uri(urls[index % urls.Count]), owner.Cookie, load._arrivals, cancellationToken));
        return load;
    }

    public async Task<long> OnceAsync(long number, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var end = _arrivals.Expect(id);
        try
        {
            await _submits.SendAsync(number, id, cancellationToken);
            return await end.WaitAsync(cancellationToken);
        }
        finally
        {
            _arrivals.Forget(id);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var feed in _feeds)
            await feed.DisposeAsync();
        await _submits.DisposeAsync();
    }
}
