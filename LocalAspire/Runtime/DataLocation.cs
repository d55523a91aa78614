namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Where data lives: the user's local application data; for root a place that the servers' user can reach.</summary>
internal static class DataLocation
{
    public const UnixFileMode PassThrough =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static string ForKept()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Choose([local, "/var/lib", "/var/tmp"], "aspire-feedback");
    }

    public static string ForTemporary() => Choose([System.IO.Path.GetTempPath(), "/var/tmp"], "");

    private static string Choose(IEnumerable<string> candidates, string folder) =>
        System.IO.Path.Combine(
            candidates.FirstOrDefault(c => c.Length > 0 && (!Environment.IsPrivilegedProcess || OthersCanPass(c))) ?? "/var/tmp",
            folder);

    /// <summary>Whether another user can reach the directory, or would once its missing part is made.</summary>
    internal static bool OthersCanPass(string path)
    {
        for (var directory = new DirectoryInfo(System.IO.Path.GetFullPath(path)); directory is not null; directory = directory.Parent)
        {
            if (directory.Exists && !OperatingSystem.IsWindows() && !directory.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }
}
