namespace AspireFeedback.Bench.Load;

/// <summary>A guest of the system under load.</summary>
/// <param name="Cookie">As it is sent.</param>
internal sealed record Owner(string Cookie)
{
    private const int Count = 16;

    public static async Task<IReadOnlyList<Owner>> ArriveAsync(Uri replica, HttpMessageInvoker client, CancellationToken cancellationToken)
    {
        var owners = new List<Owner>(Count);
        while (owners.Count < Count)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(replica, "/me"));
            using var response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            owners.Add(new(string.Join("; ", response.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]))));
        }

        return owners;
    }
}
