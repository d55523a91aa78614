namespace AspireFeedback.Web.Identity;

/// <summary>Section <c>Identity</c> of the configuration. Behind a proxy that hides addresses, all visitors share those of an address: forward the headers, or raise them.</summary>
internal sealed class IdentityLimits
{
    public const string Section = "Identity";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public int TokensPerOwner { get; set; } = 30;
    public int RefreshesPerAddress { get; set; } = 300;
    public int RevocationsPerAddress { get; set; } = 60;
    public int CodesPerOwner { get; set; } = 10;
    public int PairingsPerAddress { get; set; } = 20;
    public int PairingsPerCode { get; set; } = 5;
    public int SignUpsPerAddress { get; set; } = 20;
    public int SignInsPerAddress { get; set; } = 60;
    public int SignInsPerNameAndAddress { get; set; } = 10;

    /// <summary>From all addresses together. High: who knows a name must not be able to lock its user out.</summary>
    public int SignInsPerName { get; set; } = 100;

    public int AdminKeysPerAddress { get; set; } = 20;

    public bool IsValid() =>
        TokensPerOwner > 0 && RefreshesPerAddress > 0 && RevocationsPerAddress > 0 && CodesPerOwner > 0 && PairingsPerAddress > 0 && PairingsPerCode > 0
        && SignUpsPerAddress > 0 && SignInsPerAddress > 0 && SignInsPerNameAndAddress > 0 && SignInsPerName > 0 && AdminKeysPerAddress > 0;

    public Limit Token(Guid owner) => new("tokens of an owner", owner.ToString(), TokensPerOwner, Window);

    public Limit Refresh(HttpContext context) => new("refreshes from an address", Limit.AddressOf(context), RefreshesPerAddress, Window);

    /// <summary>Each owner who revokes leaves a row that stays.</summary>
    public Limit Revocation(HttpContext context) => new("revocations from an address", Limit.AddressOf(context), RevocationsPerAddress, Window);

    public Limit Code(Guid owner) => new("pairing codes of an owner", owner.ToString(), CodesPerOwner, Window);

    /// <param name="code">The hash of what was typed; null when it cannot be a code.</param>
    public Limit[] Pairing(HttpContext context, byte[]? code)
    {
        var address = new Limit("pairings from an address", Limit.AddressOf(context), PairingsPerAddress, Window);
        return code is null ? [address] : [address, new("pairings with a code", Convert.ToHexString(code), PairingsPerCode, Window)];
    }

    public Limit SignUp(HttpContext context) => new("sign-ups from an address", Limit.AddressOf(context), SignUpsPerAddress, Window);

    public Limit SignIn(HttpContext context) => new("sign-ins from an address", Limit.AddressOf(context), SignInsPerAddress, Window);

    public Limit SignIn(HttpContext context, string nameKey) =>
        new("sign-ins with a name from an address", $"{Limit.AddressOf(context)}\n{nameKey}", SignInsPerNameAndAddress, Window);

    public Limit SignIn(string nameKey) => new("sign-ins with a name", nameKey, SignInsPerName, Window);

    public Limit AdminKey(HttpContext context) => new("admin keys from an address", Limit.AddressOf(context), AdminKeysPerAddress, Window);
}
