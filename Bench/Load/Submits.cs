using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace AspireFeedback.Bench.Load;

/// <summary>Submits to the replicas in turn, for all owners in turn.</summary>
internal sealed class Submits : ILoad
{
    private const int OwnerCount = 16;
    private const string Body = """{"kind":"echo","payload":{"text":"The quick brown fox jumps over the lazy dog, and nobody minds."}}""";

    private static readonly byte[] s_body = System.Text.Encoding.UTF8.GetBytes(Body);
    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private readonly IReadOnlyList<Uri> _replicas;
    private readonly IReadOnlyList<HttpMessageInvoker> _clients;

    private Submits(IReadOnlyList<Uri> replicas, IReadOnlyList<HttpMessageInvoker> clients) => (_replicas, _clients) = (replicas, clients);

    public int RequestsPerCall => 1;

    public IEnumerable<string> Troubles => [];

    public IReadOnlyList<Owner> Owners { get; private set; } = [];

    /// <param name="connections">To one replica at most; 0: no limit.</param>
    public static async Task<Submits> ConnectAsync(IReadOnlyList<string> urls, int connections, CancellationToken cancellationToken)
    {
        // An invoker, not a client: no buffered bodies, no time-out timer for each request.
        var clients = urls.Select(_ => new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = connections,
        }));
        var submits = new Submits([.. urls.Select(url => new Uri(url))], [.. clients]);
        submits.Owners = await Owner.ArriveAsync(submits._replicas[0], submits._clients[0], OwnerCount, cancellationToken);
        return submits;
    }

    public async Task<long> OnceAsync(long number, CancellationToken cancellationToken)
    {
        await SendAsync(number, Guid.CreateVersion7(), cancellationToken);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>Returns when the request is accepted.</summary>
    public async Task SendAsync(long number, Guid id, CancellationToken cancellationToken)
    {
        var replica = (int)(number % _replicas.Count);
        // Every owner submits through every replica, so that half of the pushes cross the backplane.
        var owner = Owners[(int)(number / _replicas.Count % Owners.Count)];
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_replicas[replica], $"/requests/{id}"))
        {
            Content = new ByteArrayContent(s_body) { Headers = { ContentType = s_json } },
        };
        request.Headers.TryAddWithoutValidation("Cookie", owner.Cookie);
        try
        {
            using var response = await _clients[replica].SendAsync(request, cancellationToken);
            // Read to its end, or the connection could not be used again.
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.OK))
                throw new LoadException($"HTTP {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new LoadException(e.GetType().Name);
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        return ValueTask.CompletedTask;
    }
}
