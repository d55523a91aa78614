using System.Globalization;
using System.Runtime.InteropServices;

namespace AspireFeedback.LocalAspire.Processes;

/// <summary>The user for servers that refuse to run as root.</summary>
internal sealed partial record UnprivilegedUser(string Name, uint UserId, uint GroupId)
{
    /// <summary>Null when the AppHost is not root: then the servers run as the user that started it.</summary>
    public static UnprivilegedUser? FindWhenRoot() =>
        Environment.IsPrivilegedProcess && File.Exists("/etc/passwd") ? Choose(File.ReadLines("/etc/passwd")) : null;

    internal static UnprivilegedUser? Choose(IEnumerable<string> passwd)
    {
        var users = passwd.Select(line => line.Split(':')).Where(fields => fields.Length >= 7)
            .ToLookup(fields => fields[0], fields => new UnprivilegedUser(
                fields[0], uint.Parse(fields[2], CultureInfo.InvariantCulture), uint.Parse(fields[3], CultureInfo.InvariantCulture)));
        return users["postgres"].Concat(users["nobody"]).FirstOrDefault();
    }

    public void Own(string path)
    {
        if (chown(path, UserId, GroupId) != 0)
            throw new IOException($"{path} could not be given to the user {Name} (error {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint owner, uint group);
}
