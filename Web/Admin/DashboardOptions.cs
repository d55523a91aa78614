namespace AspireFeedback.Web.Admin;

/// <summary>Configuration section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    public const string Section = "Dashboard";

    /// <summary>Where traces can be looked at, in Aspire's paths. Without it, trace ids are shown without a link.</summary>
    public string? Url { get; set; }

    // The page makes a link of it: a scheme like "javascript" must not get there, not even from a configuration.
    public bool IsValid() => string.IsNullOrEmpty(Url) || (Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https");

    public string? TraceUrl(string? traceId) => string.IsNullOrEmpty(Url) || traceId is null ? null : $"{Url.TrimEnd('/')}/traces/detail/{traceId}";
}
