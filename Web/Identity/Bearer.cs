namespace AspireFeedback.Web.Identity;

/// <summary>The token of an <c>Authorization: Bearer</c> header (RFC 6750).</summary>
internal static class Bearer
{
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
}
