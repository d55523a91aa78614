namespace AspireFeedback.Bench.Load;

/// <summary>A guest of the system under load.</summary>
/// <param name="Cookie">As it is sent.</param>
internal sealed record Owner(string Cookie)
{
    public static async Task<IReadOnlyList<Owner>> ArriveAsync(Uri replica, HttpMessageInvoker client, int count, CancellationToken cancellationToken)
    {
        var owners = new List<Owner>(count);
        while (owners.Count < count)
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
