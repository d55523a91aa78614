using System.Net;
using System.Net.Http.Headers;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>One file at its URL, from any position. Files never change, so that parts of two answers fit together.</summary>
internal sealed class FileSource(HttpClient client, (Uri Url, AuthenticationHeaderValue Capability) location, TimeProvider time)
{
    private static readonly TimeSpan _untilHeaders = TimeSpan.FromSeconds(30);

    public TimeProvider Time => time;

    /// <exception cref="ProblemException">The file is gone; permanent.</exception>
    /// <exception cref="HttpRequestException">No usable answer this time.</exception>
    public async Task<HttpResponseMessage> RequestAsync(long from, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, location.Url) { Headers = { Authorization = location.Capability } };
        if (from > 0)
            request.Headers.Range = new(from, null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_untilHeaders);
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (Exception exception) when (exception is not HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            // Whatever a resilience handler in between makes of a timeout or an open circuit.
            throw new HttpRequestException("No answer to a request for a file.", exception);
        }
        if (response.StatusCode == (from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK))
            return response;
        using (response)
        {
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
                throw new ProblemException(Problem.Of("file-gone", "A file of this request is not there any more."), permanent: true);
            throw new HttpRequestException($"A request for a file was answered with {(int)response.StatusCode}.", null, response.StatusCode);
        }
    }
}
