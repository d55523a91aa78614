using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Dashboard.Recording;

/// <summary>What is written about a run beside its telemetry.</summary>
internal sealed record RunInfo(string Id, DateTime StartedAt, DateTime? EndedAt, long Logs, long Spans)
{
    public static RunInfo New(DateTime now) => new(
        string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}"), now, null, 0, 0);

    /// <summary>Names that could lead out of the directory are none.</summary>
    public static bool IsId(string id) => id.Length is > 0 and <= 40 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    public void Write(string directory)
    {
        var path = Path.Combine(directory, "run.json");
        using (var file = DataDirectory.OpenPrivate(path + ".new", FileMode.Create))
            JsonSerializer.Serialize(file, this);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Null when there is none, or none that can be read.</summary>
    public static RunInfo? Read(string directory)
    {
        try
        {
            var path = Path.Combine(directory, "run.json");
            if (!File.Exists(path) || JsonSerializer.Deserialize<RunInfo>(File.ReadAllText(path)) is not { } info)
                return null;
            // Without an end the process was killed: it wrote until then.
            return info.EndedAt is null ? info with { EndedAt = File.GetLastWriteTimeUtc(path) } : info;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
