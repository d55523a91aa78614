using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace AspireFeedback.Web.Identity;

/// <summary>What a person types to sign up or in.</summary>
internal sealed partial record Credentials(string? UserName, string? Password)
{
    public const int ShortestPassword = 10;

    /// <summary>PBKDF2 takes any length at once; this bounds what is read.</summary>
    private const int LongestPassword = 256;

    /// <summary>Two names that differ in case only are one.</summary>
    [JsonIgnore]
    public string NameKey => UserName!.ToLowerInvariant();

    /// <summary>What no user can have: refused at a sign-in too, since it tells nothing of any user.</summary>
    public Dictionary<string, string[]> Malformed()
    {
        var errors = new Dictionary<string, string[]>();
        // ASCII only, so that no two names look alike.
        if (UserName is null || !Name().IsMatch(UserName))
            errors["userName"] = ["3 to 64 letters (a to z), digits, and . _ - + @; the first is a letter or a digit."];
        if (Password is not { Length: > 0 and <= LongestPassword })
            errors["password"] = [$"It is required, with {LongestPassword} characters at most."];
        return errors;
    }

    /// <summary>What a new user may not choose. Length is what makes a password hard to guess; rules about characters are not.</summary>
    public Dictionary<string, string[]> Unfit()
    {
        var errors = Malformed();
        if (errors.ContainsKey("password") || errors.ContainsKey("userName"))
            return errors;
        if (Password!.Length < ShortestPassword)
            errors["password"] = [$"It needs {ShortestPassword} characters at least."];
        else if (Password.Contains(UserName!, StringComparison.OrdinalIgnoreCase) || Password.Distinct().Count() < 4)
            errors["password"] = ["It is too easy to guess: it contains the user name, or hardly any different characters."];
        return errors;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+@-]{2,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
