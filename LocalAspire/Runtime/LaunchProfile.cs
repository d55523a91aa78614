using System.Text.Json;
using Aspire.Hosting;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>A project's launch profile: the profile "http", otherwise the first that runs the project.</summary>
internal sealed record LaunchProfile(int? HttpPort, IReadOnlyDictionary<string, string> Environment)
{
    public static LaunchProfile Read(string projectPath)
    {
        var path = PathFor(projectPath);
        if (!File.Exists(path))
            return new(null, new Dictionary<string, string>());

        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or UriFormatException)
        {
            throw new DistributedApplicationException($"{path} cannot be read: {e.Message}", e);
        }
    }

    public static string PathFor(string projectPath) => Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");

    internal static LaunchProfile Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var profiles = document.RootElement.TryGetProperty("profiles", out var found)
            ? found.EnumerateObject().Where(p => Text(p.Value, "commandName") == "Project").ToList()
            : [];
        var profile = profiles.OrderByDescending(p => p.Name == "http").Select(p => p.Value).FirstOrDefault();
        if (profile.ValueKind != JsonValueKind.Object)
            return new(null, new Dictionary<string, string>());

        var urls = (Text(profile, "applicationUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var http = urls.FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        var environment = profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString() ?? "")
            : [];
        return new(http is null ? null : new Uri(http).Port, environment);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
