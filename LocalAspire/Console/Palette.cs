using Aspire.Hosting.ApplicationModel;

namespace AspireFeedback.LocalAspire.Console;

/// <summary>Colours for a terminal; nothing for a file, a pipe, or somebody who asked for none (https://no-color.org).</summary>
internal sealed class Palette(bool colored)
{
    public static Palette For(TextWriter output) => new(
        output == System.Console.Out && !System.Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    public string Good(string text) => Paint(text, 32);

    public string Bad(string text) => Paint(text, 31);

    public string Quiet(string text) => Paint(text, 90);

    public string Strong(string text) => Paint(text, 1);

    public string For(CustomResourceSnapshot snapshot, string state)
    {
        var padded = state.PadRight(12);
        return snapshot.IsHealthy ? Good(padded) : StateLine.IsFailure(snapshot) ? Bad(padded) : Quiet(padded);
    }

    private string Paint(string text, int code) => colored ? $"\e[{code}m{text}\e[0m" : text;
}
