namespace AspireFeedback.Web.Admin;

/// <summary>Configuration section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    public const string Section = "Dashboard";

    /// <summary>Where traces can be looked at, in Aspire's paths. Without it, trace ids are shown without a link.</summary>
    public string? Url { get; set; }

    /// <summary>Whether owners get links too. The dashboard shows what everybody does, so that this is for one's own machine.</summary>
    public bool ForOwners { get; set; }

    // The page makes a link of it: a scheme like "javascript" must not get there, not even from a configuration.
    public bool IsValid() => string.IsNullOrEmpty(Url) || (Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https");

    /// <summary>What a trace id is appended to, for owners.</summary>
    public string? OwnersTraceUrl => ForOwners ? TraceUrl("") : null;

    public string? TraceUrl(string? traceId) => string.IsNullOrEmpty(Url) || traceId is null ? null : $"{Url.TrimEnd('/')}/traces/detail/{traceId}";
}
