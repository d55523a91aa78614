using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AspireFeedback.ServiceDefaults.Http;

/// <summary>
/// Stands in for AddStandardResilienceHandler of Microsoft.Extensions.Http.Resilience. Unlike that one it repeats only GET, HEAD and
/// OPTIONS, and never cuts off an upload from a stream. Timeouts end with the response's headers: reading a body has only the caller's token.
/// </summary>
internal sealed class ResilienceHandler(ResiliencePipelines pipelines) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request.RequestUri);
        var host = pipelines.For(request.RequestUri);
        var pipeline = (IsInMemory(request.Content), IsRepeatable(request)) switch
        {
            (_, true) => host.Repeatable,
            (true, false) => host.Once,
            (false, false) => host.Unbounded,
        };
        return await pipeline.ExecuteAsync(
            static async (state, token) => await state.Handler.SendOnceAsync(state.Request, token),
            (Handler: this, Request: request),
            cancellationToken);
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    private static bool IsRepeatable(HttpRequestMessage request) =>
        request.Content is null && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options);

    private static bool IsInMemory(HttpContent? content) => content is null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent;
}

internal static class ResilienceHandlerRegistration
{
    public static void AddStandardResilienceHandler(this IHttpClientBuilder http)
    {
        http.Services.AddOptions<HttpResilienceOptions>()
            .BindConfiguration(HttpResilienceOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        http.Services.TryAddSingleton(TimeProvider.System);
        http.Services.TryAddSingleton<ResiliencePipelines>();
        http.Services.TryAddTransient<ResilienceHandler>();
        http.AddHttpMessageHandler<ResilienceHandler>();
        // HttpClient's own timeout would cut off a long upload and also the retries.
        http.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
    }
}
