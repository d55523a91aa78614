using System.Diagnostics;
using AspireFeedback.LocalAspire.Install;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class InstallTests
{
    private static readonly Surroundings s_unattendedRoot = new(HasApt: true, IsRoot: true, CanSudo: false, IsInteractive: false, NoInstall: false);

    [Fact]
    public void Root_without_a_terminal_installs_at_once() =>
        InstallDecision.For(s_unattendedRoot).ShouldBe(InstallAction.Install);

    [Fact]
    public void Sudo_without_a_password_is_as_good_as_root() =>
        InstallDecision.For(s_unattendedRoot with { IsRoot = false, CanSudo = true }).ShouldBe(InstallAction.Install);

    [Fact]
    public void On_a_terminal_the_user_is_asked() =>
        InstallDecision.For(s_unattendedRoot with { IsInteractive = true }).ShouldBe(InstallAction.AskFirst);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_install_means_no(bool interactive) =>
        InstallDecision.For(s_unattendedRoot with { NoInstall = true, IsInteractive = interactive }).ShouldBe(InstallAction.Refuse);

    [Fact]
    public void Without_apt_or_without_rights_nothing_is_tried()
    {
        InstallDecision.For(s_unattendedRoot with { HasApt = false }).ShouldBe(InstallAction.Refuse);
        InstallDecision.For(s_unattendedRoot with { IsRoot = false }).ShouldBe(InstallAction.Refuse);
    }

    [Fact]
    public void The_advice_is_one_line_with_the_names_for_each_package_manager()
    {
        var advice = InstallDecision.Advice([SystemPackage.Postgres, SystemPackage.Redis]);

        advice.ShouldStartWith("PostgreSQL and Redis are not installed.");
        advice.ShouldContain("apt-get install postgresql redis-server");
        advice.ShouldContain("dnf install postgresql-server redis");
        advice.ShouldContain("brew install postgresql@17 redis");
        advice.ShouldContain("UseAspire");
        advice.ShouldNotContain("\n");
    }

    [Fact]
    public async Task What_is_there_is_found_and_not_installed_again()
    {
        Assert.SkipUnless(SystemPackage.Redis.Find() is not null, "redis-server is not installed here");

        (await SystemPackages.EnsureAsync("redis-server", noInstall: true, TestContext.Current.CancellationToken)).ShouldEndWith("redis-server");
    }

    [Fact]
    public async Task During_an_installation_no_service_may_start_and_afterwards_none_is_enabled()
    {
        using var machine = new PretendMachine();

        (await machine.InstallAsync("redis-server", "redis-server")).ShouldBe(0);

        machine.Calls.ShouldContain(call => call.StartsWith("apt-get", StringComparison.Ordinal)
            && call.Contains("install -y --no-install-recommends redis-server", StringComparison.Ordinal) && call.EndsWith("policy: exit 101", StringComparison.Ordinal));
        machine.Calls.ShouldContain("systemctl disable redis-server");
        File.Exists(machine.Policy).ShouldBeFalse();
    }

    [Fact]
    public async Task A_policy_of_the_machine_is_left_as_it_is()
    {
        using var machine = new PretendMachine();
        await File.WriteAllTextAsync(machine.Policy, "#!/bin/sh\nexit 0\n", TestContext.Current.CancellationToken);

        (await machine.InstallAsync("redis-server", "redis-server")).ShouldBe(0);

        (await File.ReadAllTextAsync(machine.Policy, TestContext.Current.CancellationToken)).ShouldEndWith("exit 0\n");
    }

    [Fact]
    public async Task A_package_that_is_not_known_yet_is_looked_up_first()
    {
        using var machine = new PretendMachine();

        (await machine.InstallAsync("", "unknown")).ShouldBe(0);

        machine.Calls.ShouldContain(call => call.StartsWith("apt-get -o DPkg::Lock::Timeout=600 update", StringComparison.Ordinal));
    }

    /// <summary>The installation script among programs that only write down how they were called.</summary>
    private sealed class PretendMachine : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pretend-machine-");

        public PretendMachine()
        {
            Add("apt-get", """echo "apt-get $* policy: $(tail -n 1 "$POLICY_FILE")" >> "$CALLS" """);
            Add("apt-cache", """case "$*" in *unknown*) exit 100;; esac""");
            Add("systemctl", """echo "systemctl $*" >> "$CALLS" """);
        }

        public string Policy => Path.Combine(_directory.FullName, "policy-rc.d");

        public string[] Calls => File.ReadAllLines(Path.Combine(_directory.FullName, "calls"));

        public async Task<int> InstallAsync(string services, string packages)
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", AptInstaller.Script, "install", services, packages]);
            start.Environment["PATH"] = $"{_directory.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment["POLICY_FILE"] = Policy;
            start.Environment["CALLS"] = Path.Combine(_directory.FullName, "calls");
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode;
        }

        public void Dispose() => _directory.Delete(recursive: true);

        private void Add(string name, string script)
        {
            var path = Path.Combine(_directory.FullName, name);
            File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
