using System.Runtime.InteropServices;

namespace AspireFeedback.LocalAspire.Processes;

internal static partial class Signals
{
    public const int HangUp = 1;
    public const int Int = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Term = 15;

    // The numbers of these two differ between Linux and the BSD family.
    public static int Continue { get; } = OperatingSystem.IsLinux() ? 18 : 19;

    public static int Stop { get; } = OperatingSystem.IsLinux() ? 19 : 17;

    /// <summary>False when there is no such process any more.</summary>
    public static bool Send(int processId, int signal) => kill(processId, signal) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
