using Aspire.Hosting;
using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Install;

/// <summary>Brings programs that are not installed.</summary>
public static class SystemPackages
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    /// <summary>The path of a program, installed first where that is possible without asking anybody.</summary>
    /// <exception cref="DistributedApplicationException">It is not there and cannot be installed; the message says what to do.</exception>
    public static async Task<string> EnsureAsync(string program, bool noInstall = false, CancellationToken cancellationToken = default)
    {
        var package = SystemPackage.All.FirstOrDefault(p => p.Apt == program)
            ?? throw new ArgumentException($"No package is known for '{program}'.", nameof(program));
        if (package.Find() is null)
            await InstallAsync([package], noInstall, interactive: false, cancellationToken);
        return package.Find()!;
    }

    internal static async Task InstallAsync(
        IReadOnlyList<SystemPackage> missing, bool noInstall, bool interactive, CancellationToken cancellationToken)
    {
        var here = new Surroundings(
            HasApt: ExecutablePath.Find("apt-get") is not null,
            IsRoot: Environment.IsPrivilegedProcess,
            CanSudo: await AptInstaller.CanSudoAsync(cancellationToken),
            interactive,
            noInstall);
        var action = InstallDecision.For(here);
        if (action == InstallAction.AskFirst && !await AskAsync(missing, cancellationToken))
            action = InstallAction.Refuse;
        if (action == InstallAction.Refuse)
            throw new DistributedApplicationException(InstallDecision.Advice(missing));

        using (await LockAsync(cancellationToken))
        {
            // Somebody else may have been installing the same while this one waited.
            var still = missing.Where(p => p.Find() is null).ToList();
            if (still.Count > 0)
                await AptInstaller.RunAsync(still, withSudo: !here.IsRoot, cancellationToken);
        }

        if (missing.Where(p => p.Find() is null).ToList() is { Count: > 0 } absent)
            throw new DistributedApplicationException($"Installed, but not found: {InstallDecision.Names(absent)}.");
    }

    private static async Task<bool> AskAsync(IReadOnlyList<SystemPackage> missing, CancellationToken cancellationToken)
    {
        System.Console.Write(
            $"{InstallDecision.Names(missing)} not found. Install with apt-get ({InstallDecision.Packages(missing, p => p.Apt)})? [Y/n] ");
        var answer = await Task.Run(System.Console.ReadLine, cancellationToken).WaitAsync(cancellationToken);
        return answer?.Trim().ToUpperInvariant() is "" or "Y" or "YES";
    }

    // Across processes: two clones that start at once, or a start and a test.
    private static async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"aspire-feedback-install-{Environment.UserName}.lock");
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(started) < s_patience)
            {
                await Task.Delay(s_retry, cancellationToken);
            }
        }
    }
}
