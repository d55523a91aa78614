using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Dashboard.Resources;

/// <summary>Which values are shown only when asked for: by their name, by a password in them, or since they hold what this run knows as a secret.</summary>
internal sealed partial class SecretMask(ApplicationRun run)
{
    public bool IsSecret(string name, string value) =>
        value.Length > 0 && (NameOfSecret().IsMatch(name) || PasswordInside().IsMatch(value)
            || Known().Any(secret => value.Contains(secret, StringComparison.Ordinal)));

    // A secret that is as short as this may be part of anything.
    private IEnumerable<string> Known() =>
        run.Resources.OfType<ParameterResource>().Where(p => p.Secret).Select(p => p.Value)
            .Concat(run.Resources.OfType<ServerResource>().Select(s => s.Password))
            .Append(run.Dashboard?.OtlpApiKey)
            .OfType<string>()
            .Where(secret => secret.Length >= 6);

    [GeneratedRegex("(KEY|SECRET|PASSWORD|PASSWD|PWD|TOKEN|CREDENTIALS?|COOKIE|HEADERS|AUTHORIZATION)$", RegexOptions.IgnoreCase)]
    private static partial Regex NameOfSecret();

    [GeneratedRegex(@"(password|pwd|secret|api-?key|token)\s*=\s*[^;\s]|://[^/@\s:]*:[^/@\s]+@", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordInside();
}
