using System.Text.RegularExpressions;

namespace AspireFeedback.LocalAspire.Console;

internal static partial class AnsiCodes
{
    /// <summary>A program's line without its colours, for where they would be noise.</summary>
    public static string Strip(string line) => line.Contains('\e') ? Codes().Replace(line, "") : line;

    [GeneratedRegex(@"\e\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex Codes();
}
