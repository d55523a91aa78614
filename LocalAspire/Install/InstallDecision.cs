namespace AspireFeedback.LocalAspire.Install;

/// <summary>What this machine and this start allow.</summary>
internal sealed record Surroundings(bool HasApt, bool IsRoot, bool CanSudo, bool IsInteractive, bool NoInstall);

internal enum InstallAction
{
    Install,
    AskFirst,
    Refuse,
}

/// <summary>Whether missing programs are installed, and what is said when they are not.</summary>
internal static class InstallDecision
{
    public static InstallAction For(Surroundings here) => here switch
    {
        { NoInstall: true } or { HasApt: false } or { IsRoot: false, CanSudo: false } => InstallAction.Refuse,
        { IsInteractive: true } => InstallAction.AskFirst,
        _ => InstallAction.Install,
    };

    public static string Advice(IReadOnlyList<SystemPackage> missing) =>
        $"{Names(missing)} {(missing.Count == 1 ? "is" : "are")} not installed. Install with one of: "
            + $"sudo apt-get install {Packages(missing, p => p.Apt)} | sudo dnf install {Packages(missing, p => p.Dnf)} | "
            + $"brew install {Packages(missing, p => p.Brew)}; or use containers: dotnet run --project AppHost -p:UseAspire=true";

    public static string Names(IReadOnlyList<SystemPackage> packages) => packages.Count == 1
        ? packages[0].Name
        : string.Join(", ", packages.Take(packages.Count - 1).Select(p => p.Name)) + " and " + packages[^1].Name;

    public static string Packages(IEnumerable<SystemPackage> packages, Func<SystemPackage, string> name) => string.Join(' ', packages.Select(name));
}
