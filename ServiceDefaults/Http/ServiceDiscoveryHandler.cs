using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AspireFeedback.ServiceDefaults.Http;

/// <summary>
/// Stands in for Microsoft.Extensions.ServiceDiscovery: <c>http://web</c> and <c>https+http://web</c> (the first scheme that is there) go to
/// one of the addresses in <c>services:web:{scheme}:0…n</c>. A name that is not configured stays as it is, for DNS to resolve.
/// </summary>
internal sealed class ServiceDiscoveryHandler(IConfiguration configuration) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var logical = request.RequestUri;
        ArgumentNullException.ThrowIfNull(logical);
        request.RequestUri = Resolve(logical);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry outside of this handler chooses again.
            request.RequestUri = logical;
        }
    }

    private Uri Resolve(Uri logical)
    {
        var schemes = logical.Scheme.Split('+');
        foreach (var scheme in schemes)
        {
            var addresses = configuration.GetSection($"services:{logical.Host}:{scheme}").GetChildren()
                .Select(child => child.Value)
                .Where(value => !string.IsNullOrEmpty(value))
                .ToArray();
            if (addresses.Length > 0)
                return At(addresses[RandomNumberGenerator.GetInt32(addresses.Length)]!, scheme, logical);
        }
        return schemes.Length == 1 ? logical : new UriBuilder(logical) { Scheme = schemes[0] }.Uri;
    }

    private static Uri At(string address, string scheme, Uri logical)
    {
        var target = new Uri(address.Contains("://", StringComparison.Ordinal) ? address : $"{scheme}://{address}");
        return new UriBuilder(target)
        {
            Path = target.AbsolutePath.TrimEnd('/') + logical.AbsolutePath,
            Query = logical.Query,
        }.Uri;
    }
}

internal static class ServiceDiscoveryRegistration
{
    public static void AddServiceDiscovery(this IHttpClientBuilder http)
    {
        http.Services.TryAddTransient<ServiceDiscoveryHandler>();
        http.AddHttpMessageHandler<ServiceDiscoveryHandler>();
    }
}
