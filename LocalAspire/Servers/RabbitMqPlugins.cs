using System.Text.RegularExpressions;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>
/// A copy, in links, of the broker's plugins directory without the plugins. The broker looks for each of its 800 modules in one directory
/// there after the other, so that those which are never started cost a third of its start.
/// </summary>
internal static partial class RabbitMqPlugins
{
    /// <summary>What the broker's script is to take for its home; null if the broker is laid out in another way, and must find everything itself.</summary>
    /// <param name="program">The broker's script, in sbin/ beside plugins/, or a link to it.</param>
    /// <param name="home">A directory of links to make, in place of the one that an earlier start made.</param>
    public static string? LeaveOut(string program, string home)
    {
        var script = new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program;
        var installed = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(script))!, "plugins");
        if (!Directory.Exists(installed) || !Directory.EnumerateDirectories(installed, "rabbit-*").Any())
            return null;

        if (Directory.Exists(home))
            Directory.Delete(home, recursive: true);
        var links = Directory.CreateDirectory(Path.Combine(home, "plugins")).FullName;
        foreach (var entry in Directory.EnumerateFileSystemEntries(installed).Where(entry => !IsPlugin(entry)))
            File.CreateSymbolicLink(Path.Combine(links, Path.GetFileName(entry)), entry);
        return home;
    }

    // An application of Erlang that needs the broker; what the broker needs is none. Its description is ebin/NAME.app.
    private static bool IsPlugin(string entry)
    {
        var code = Path.Combine(entry, "ebin");
        return Directory.Exists(code) && Directory.EnumerateFiles(code, "*.app").Any(
            description => Needed().Match(File.ReadAllText(description)).Groups["names"].Value
                .Split(',', StringSplitOptions.TrimEntries).Contains("rabbit"));
    }

    [GeneratedRegex(@"\{\s*applications\s*,\s*\[(?<names>[^\]]*)\]")]
    private static partial Regex Needed();
}
