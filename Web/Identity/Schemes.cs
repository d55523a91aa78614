namespace AspireFeedback.Web.Identity;

/// <summary>Names of authentication schemes.</summary>
public static class Schemes
{
    /// <summary>Picks the scheme by what the call carries: an Authorization header wins over a cookie.</summary>
    internal const string Caller = "feedback-caller";

    /// <summary>What an identity provider signs in to.</summary>
    public const string Cookie = "cookie";

    internal const string Bearer = "bearer";
    internal const string AdminKey = "feedback-admin-key";

    /// <summary>What a browser gets for the admin key.</summary>
    internal const string AdminCookie = "feedback-admin-cookie";
}
