using System.Diagnostics;
using Aspire.Hosting;
using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Install;

/// <summary>
/// Installs with apt-get, without the service that a server's package brings: it is neither started (policy-rc.d, the policy
/// layer of Debian's invoke-rc.d) nor left enabled. Services from before are not touched.
/// </summary>
internal static class AptInstaller
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(20);

    // $1: the services of the new packages; the rest: the packages. An interrupted run's policy is recognized by its second line and taken over.
    internal const string Script =
        """
        set -e
        services=$1; shift
        export DEBIAN_FRONTEND=noninteractive
        policy=${POLICY_FILE:-/usr/sbin/policy-rc.d}
        if [ ! -e "$policy" ] || grep -q aspire-feedback "$policy"; then
          trap 'rm -f "$policy"' EXIT
          trap 'exit 130' HUP INT TERM
          printf '#!/bin/sh\n# aspire-feedback: no services during its installation\nexit 101\n' > "$policy"
          chmod 755 "$policy"
        fi
        install() { apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@" </dev/null; }
        update() { for i in 1 2 3 4 5 6; do apt-get -o DPkg::Lock::Timeout=600 update && return; sleep 5; done; }
        apt-cache show "$@" >/dev/null 2>&1 || update
        install "$@" || { update; install "$@"; }
        for service in $services; do
          if command -v systemctl; then systemctl disable "$service" || true
          else deb-systemd-helper disable "$service.service" || true; update-rc.d "$service" disable || true
          fi >/dev/null 2>&1
        done
        """;

    public static async Task<bool> CanSudoAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess || ExecutablePath.Find("sudo") is not { } sudo)
            return false;

        using var process = Start(sudo, ["-n", "true"]);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0;
    }

    public static async Task RunAsync(IReadOnlyList<SystemPackage> packages, bool withSudo, CancellationToken cancellationToken)
    {
        await System.Console.Out.WriteLineAsync($"Installing {InstallDecision.Names(packages)} with apt-get; this takes a minute or two.");
        string[] command =
        [
            .. withSudo ? (string[])["sudo", "-n"] : [], "/bin/sh", "-c", Script, "install",
            string.Join(' ', packages.Select(p => p.Service).OfType<string>()), .. packages.Select(p => p.Apt),
        ];
        using var process = Start(command[0], command[1..]);
        process.StandardInput.Close();
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            ProcessTree.Signal(process.Id, Signals.Term);
            throw;
        }

        if (process.ExitCode != 0)
        {
            var last = string.Join('\n', await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(10);
            throw new DistributedApplicationException(
                $"apt-get could not install {InstallDecision.Names(packages)}:\n  {string.Join("\n  ", last)}\n{InstallDecision.Advice(packages)}");
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }
}
