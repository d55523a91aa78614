namespace AspireFeedback.LocalAspire.Processes;

internal static class ExecutablePath
{
    // Debian keeps servers in sbin directories, which are not on the path of an ordinary user.
    private static readonly string[] s_also = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin", "/opt/homebrew/sbin"];

    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(s_also)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
}
