using System.Globalization;

namespace AspireFeedback.LocalAspire.Runtime;

internal static class ExitReason
{
    private const int Signaled = 128;

    /// <summary>What an exit code means to a person; above 128 it is a signal.</summary>
    public static string For(int exitCode) => (exitCode - Signaled) switch
    {
        9 => "was killed (SIGKILL)",
        6 => "aborted (SIGABRT), as .NET does on an unhandled exception",
        11 => "crashed (SIGSEGV)",
        15 => "was ended (SIGTERM)",
        > 0 and < 65 and var signal => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exitCode}"),
    };
}
