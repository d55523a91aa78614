using System.Globalization;
using System.Text;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Console;

/// <summary>Where the time of a start went: for each process when it was started, and when it was healthy, on one scale.</summary>
internal static class StartTable
{
    private const int Width = 40;

    /// <param name="rows">Name, and the seconds from the beginning to the start of its process and to its health.</param>
    public static string For(IReadOnlyList<(string Name, double Started, double Healthy)> rows, Palette palette)
    {
        var end = rows.Select(row => row.Healthy).DefaultIfEmpty().Max();
        var text = new StringBuilder();
        foreach (var (name, started, healthy) in rows.OrderBy(row => row.Started).ThenBy(row => row.Healthy))
        {
            var (from, to) = (Column(started, end), Math.Max(Column(healthy, end), Column(started, end) + 1));
            var bar = new string(' ', from) + new string('█', to - from);
            text.AppendLine(palette.Quiet(string.Create(
                CultureInfo.InvariantCulture, $"  {name,-12} {started,5:0.0} s {bar.PadRight(Width + 1)} {healthy,5:0.0} s")));
        }

        return text.ToString();
    }

    public static string For(IReadOnlyList<Instance> instances, DateTimeOffset beginning, Palette palette) => For(
        [.. instances.Where(i => !i.IsPart)
            .Select(i => (i.Id, i.Snapshot))
            .Where(i => i.Snapshot is { StartedAt: not null, HealthyAt: not null })
            .Select(i => (i.Id, (i.Snapshot.StartedAt!.Value - beginning).TotalSeconds, (i.Snapshot.HealthyAt!.Value - beginning).TotalSeconds))],
        palette);

    private static int Column(double seconds, double end) => end <= 0 ? 0 : (int)Math.Round(Math.Clamp(seconds / end, 0, 1) * Width);
}
