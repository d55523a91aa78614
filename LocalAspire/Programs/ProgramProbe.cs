namespace AspireFeedback.LocalAspire.Programs;

internal static class ProgramProbe
{
    // A connection of its own for each check: a pooled one would not notice that the listener is gone.
    private static readonly HttpClient s_http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ActivityHeadersPropagator = null,
        // On loopback, and whether it answers is all that is asked: the developer certificate need not be trusted for that.
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    });

    public static async Task<string?> GetAsync(Uri url, int statusCode, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await s_http.GetAsync(url, cancellationToken);
            if ((int)response.StatusCode == statusCode)
                return null;

            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            var text = body.Length > 200 ? body[..200] : body;
            return $"GET {url.AbsolutePath} answered {(int)response.StatusCode} {text.ReplaceLineEndings("; ")}".TrimEnd();
        }
        catch (HttpRequestException e)
        {
            return $"GET {url.AbsolutePath}: {e.Message}";
        }
    }
}
