using System.Globalization;

namespace AspireFeedback.Web.Requests;

/// <summary><c>Prefer: wait=N</c> of RFC 7240: how long a caller would wait for the outcome.</summary>
internal static class Prefer
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <returns>Zero when the caller does not wish to wait; <c>null</c> when the wish cannot be read.</returns>
    public static TimeSpan? Wait(HttpRequest request)
    {
        foreach (var preference in request.Headers.GetCommaSeparatedValues("Prefer"))
        {
            var (name, value) = preference.Split(';', 2)[0].Split('=', 2) is [var left, var right] ? (left.Trim(), right.Trim().Trim('"')) : (preference.Trim(), "");
            if (!name.Equals("wait", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return null;
            return seconds > Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds);
        }

        return TimeSpan.Zero;
    }

    public static void Applied(HttpResponse response, TimeSpan wait) =>
        response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={(long)wait.TotalSeconds}");
}
