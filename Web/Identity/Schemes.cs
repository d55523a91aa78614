namespace AspireFeedback.Web.Identity;

/// <summary>Names of authentication schemes.</summary>
internal static class Schemes
{
    /// <summary>Picks the scheme by what the call carries: an Authorization header wins over a cookie.</summary>
    public const string Caller = "caller";

    public const string Cookie = "cookie";
    public const string Bearer = "bearer";
    public const string AdminKey = "admin-key";

    /// <summary>What a browser gets for the admin key.</summary>
    public const string AdminCookie = "admin-cookie";
}
