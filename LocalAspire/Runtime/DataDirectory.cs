using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>
/// The directory of one run: the servers' data, passwords, logs. It belongs to the AppHost's path, and to whoever holds its lock;
/// everybody else gets a throw-away one.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>For what holds passwords and data.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A file that only its user may read, also when it is copied out of its directory; others may read it while it grows.</summary>
    public static FileStream OpenPrivate(string path, FileMode mode) => new(path, new FileStreamOptions
    {
        Mode = mode, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    // EWOULDBLOCK, as the answer of flock.
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;

    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? heldLock, bool isTemporary, bool isTakenElsewhere)
    {
        (Path, _lock, IsTemporary, IsTakenElsewhere) = (path, heldLock, isTemporary, isTakenElsewhere);
        Secrets = new SecretFile(System.IO.Path.Combine(path, "secrets.json"));
    }

    public string Path { get; }

    public bool IsTemporary { get; }

    /// <summary>Another run of the same clone holds the kept data.</summary>
    public bool IsTakenElsewhere { get; }

    public SecretFile Secrets { get; }

    public string Of(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    public static DataDirectory OpenTemporary(bool isTakenElsewhere = false)
    {
        var path = System.IO.Path.Combine(DataLocation.ForTemporary(), "aspire-feedback-" + Guid.NewGuid().ToString("N")[..12]);
        Create(path);
        return new DataDirectory(path, null, isTemporary: true, isTakenElsewhere);
    }

    public static DataDirectory Open(string location, string appHostDirectory, bool reset)
    {
        var path = System.IO.Path.Combine(location, NameFor(appHostDirectory));
        Create(path);
        FileStream held;
        try
        {
            // Released by the kernel when the process ends, in whatever way.
            held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac)
        {
            return OpenTemporary(isTakenElsewhere: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoPlace(path + ".lock", e);
        }

        LeftBehind.End(path);
        if (reset)
        {
            Directory.Delete(path, recursive: true);
            Create(path);
        }

        return new DataDirectory(path, held, isTemporary: false, isTakenElsewhere: false);
    }

    public void Dispose() => _lock?.Dispose();

    internal static string NameFor(string appHostDirectory)
    {
        var full = System.IO.Path.GetFullPath(appHostDirectory).TrimEnd('/');
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..8];
        var clone = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(full)) ?? "apphost";
        return $"{clone}-{hash}";
    }

    // Others may pass through, since a server may run as another user; what is inside is private.
    private static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path, DataLocation.PassThrough);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoPlace(path, e);
        }
    }

    private static DistributedApplicationException NoPlace(string path, Exception reason) => new(
        $"The data cannot be kept at {path}: {reason.Message} Mend it, or choose another place with the environment variable XDG_DATA_HOME.", reason);
}
