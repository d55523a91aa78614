using System.Net;
using System.Net.Http.Headers;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>The files of a request over HTTP, by the base URL and the capability that its message carries.</summary>
internal sealed class RequestFiles(IHttpClientFactory clients, TimeProvider time)
{
    public const string ClientName = "files";

    public async Task<RequestFile> OpenAsync(string? access, FileRef file, CancellationToken cancellationToken)
    {
        var source = new FileSource(clients.CreateClient(ClientName), Locate(access, file), time);
        var response = await source.RequestAsync(0, cancellationToken);
        var length = response.Content.Headers.ContentLength
            ?? throw new HttpRequestException("A file came without its length."); // without it a cut connection looks like the end
        var contentType = response.Content.Headers.ContentType?.ToString() ?? "application/octet-stream";
        return new(await ResumingStream.CreateAsync(source, response, length, cancellationToken), length, contentType);
    }

    public async Task<FileRef> CreateAsync(string? access, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var file = new FileRef(Guid.CreateVersion7());
        var (url, capability) = Locate(access, file);
        using var request = new HttpRequestMessage(HttpMethod.Put, url)
        {
            Headers = { Authorization = capability },
            Content = new StreamContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
        };
        using var response = await clients.CreateClient(ClientName).SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.RequestEntityTooLarge)
            throw new ProblemException(Problem.Of("file-too-large", "The file that the work made is too large, or its owner has too much already."), permanent: true);
        response.EnsureSuccessStatusCode();
        return file;
    }

    private static (Uri Url, AuthenticationHeaderValue Capability) Locate(string? access, FileRef file)
    {
        var parts = access?.Split(' ', 2) ?? [];
        if (parts.Length != 2 || !Uri.TryCreate(parts[0].TrimEnd('/') + "/", UriKind.Absolute, out var baseUrl))
            throw new InvalidOperationException("The message of this request gives no access to files.");
        return (new(baseUrl, $"files/{file}"), new("Bearer", parts[1]));
    }
}
