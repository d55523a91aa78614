namespace AspireFeedback.Web.Identity;

/// <summary>Names of authorization policies and authentication schemes.</summary>
internal static class Policies
{
    /// <summary>Anybody with an owner id; who has none gets a 401.</summary>
    public const string Owner = "owner";

    /// <summary>The developers of the installation; for everybody else there is nothing (404).</summary>
    public const string Admin = "admin";
}

internal static class Schemes
{
    /// <summary>Picks the scheme by what the call carries: an Authorization header wins over a cookie.</summary>
    public const string Caller = "caller";

    public const string Cookie = "cookie";
    public const string Bearer = "bearer";
    public const string AdminKey = "admin-key";
}
