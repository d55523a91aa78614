using System.Globalization;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Requests;

/// <summary>What caches and scripts need to know of a request beside its document.</summary>
internal static class RequestHeaders
{
    public static void Write(HttpResponse response, RequestState state, QueueView? queue = null)
    {
        var headers = response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.Vary = "Cookie, Authorization, Prefer";
        if (state.ExpiresAt is { } expires)
            headers.Expires = expires.ToString("R", CultureInfo.InvariantCulture);
        else
            headers.RetryAfter = RetryAfterSeconds(state, queue).ToString(CultureInfo.InvariantCulture);
    }

    public static string ETagOf(RequestState state) => string.Create(CultureInfo.InvariantCulture, $"W/\"{state.Version}\"");

    private static int RetryAfterSeconds(RequestState state, QueueView? queue) => state switch
    {
        { Status: RequestStatus.Held or RequestStatus.InputRequired } => 30,
        { NextAttemptAt: { } next } when next > state.UpdatedAt => Math.Clamp((int)Math.Ceiling((next - state.UpdatedAt).TotalSeconds), 1, 60),
        { Status: RequestStatus.Pending } when queue?.EtaSeconds is { } seconds => Math.Clamp(seconds, 1, 60),
        _ => 1,
    };
}

internal static class RequestId
{
    public static bool TryParse(string? text, out Guid id) => Guid.TryParseExact(text, "D", out id);
}
