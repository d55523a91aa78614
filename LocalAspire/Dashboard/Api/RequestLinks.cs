using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace AspireFeedback.LocalAspire.Dashboard.Api;

internal sealed record LinkTemplate(string Attribute, string Label, string Url);

/// <summary>
/// Where the value of an attribute leads to, from the AppHost's configuration: <c>Dashboard:Links:feedback.request.id</c> =
/// <c>Request {web}/admin/requests/{value}</c>, a label, a space and an address, in which the name of a resource stands for its own.
/// </summary>
internal sealed partial class RequestLinks(IConfiguration configuration, IReadOnlyCollection<IResource> resources)
{
    /// <summary>Without those that name a resource that is not there, or has no address.</summary>
    public IReadOnlyList<LinkTemplate> All() =>
        [.. configuration.GetSection("Dashboard:Links").GetChildren().Select(link => Of(link.Key, link.Value ?? "")).OfType<LinkTemplate>()];

    private LinkTemplate? Of(string attribute, string template)
    {
        var space = template.IndexOf(' ', StringComparison.Ordinal);
        var (label, address) = space < 0 ? (attribute, template) : (template[..space], template[(space + 1)..].Trim());
        var url = Placeholder().Replace(address, match => match.Groups[1].Value == "value" ? match.Value : AddressOf(match.Groups[1].Value) ?? match.Value);
        // The page makes a link of it.
        return Placeholder().Count(url) == 1 && (url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal))
            ? new(attribute, label, url)
            : null;
    }

    private string? AddressOf(string resource) => resources.FirstOrDefault(r => r.Name.Equals(resource, StringComparison.OrdinalIgnoreCase))
        ?.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => e.IsHttp)?.AllocatedEndpoint?.UriString;

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Placeholder();
}
