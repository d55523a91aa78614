using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AspireFeedback.LocalAspire.Dashboard.Access;

/// <summary>
/// Who may look: whoever has once come with the token that the terminal shows. The token stays with the data, so that a browser is still known after
/// a restart.
/// </summary>
/// <param name="port">Part of the cookie's name, since cookies do not tell ports apart.</param>
internal sealed class BrowserAccess(string token, int port)
{
    private readonly string _cookie = $"localaspire-dashboard-{port}";

    // Not the token itself: what lies in a browser's files does not open another browser's.
    private readonly string _ticket = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "dashboard cookie"u8));

    public bool IsToken(string? offered) => AreSame(offered, token);

    public bool IsKnown(HttpRequest request) => AreSame(request.Cookies[_cookie], _ticket);

    public void Remember(HttpResponse response) => response.Cookies.Append(_cookie, _ticket, new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = TimeSpan.FromDays(30),
        IsEssential = true,
    });

    public static bool AreSame(string? offered, string expected) =>
        offered is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(offered), Encoding.UTF8.GetBytes(expected));
}
