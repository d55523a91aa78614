using System.Text.Json;
using Aspire.Hosting;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>An address of a launch profile. As with Aspire the first of a scheme is named after it, and further ones have a number behind that.</summary>
internal sealed record LaunchEndpoint(string Name, string Scheme, int Port);

/// <summary>What a profile of launchSettings.json says about how a project runs.</summary>
internal sealed record LaunchProfile(IReadOnlyList<LaunchEndpoint> Endpoints, IReadOnlyDictionary<string, string> Environment)
{
    public static LaunchProfile None { get; } = new([], new Dictionary<string, string>());

    /// <summary>The profile of that name, which has to be there.</summary>
    public static LaunchProfile Read(string projectPath, string name)
    {
        var path = PathFor(projectPath);
        if (!File.Exists(path))
            throw new DistributedApplicationException($"The launch profile '{name}' cannot be used: there is no {path}.");
        var profiles = ReadAll(path);
        return profiles.FirstOrDefault(profile => profile.Name == name).Profile ?? throw new DistributedApplicationException(
            $"{path} has no profile '{name}' that runs the project. It has: {string.Join(", ", profiles.Select(profile => profile.Name))}.");
    }

    /// <summary>The preferred profile where the project has it, otherwise the first that runs the project, otherwise none.</summary>
    public static LaunchProfile ReadDefault(string projectPath, string preferred)
    {
        var path = PathFor(projectPath);
        return File.Exists(path) ? ReadAll(path).OrderByDescending(profile => profile.Name == preferred).FirstOrDefault().Profile ?? None : None;
    }

    public static string PathFor(string projectPath) => Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");

    /// <summary>The profiles that run the project, in their order.</summary>
    internal static List<(string Name, LaunchProfile Profile)> Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return document.RootElement.TryGetProperty("profiles", out var profiles)
            ? [.. profiles.EnumerateObject().Where(p => Text(p.Value, "commandName") == "Project").Select(p => (p.Name, Parse(p.Value)))]
            : [];
    }

    private static List<(string Name, LaunchProfile Profile)> ReadAll(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or UriFormatException)
        {
            throw new DistributedApplicationException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static LaunchProfile Parse(JsonElement profile)
    {
        var endpoints = new List<LaunchEndpoint>();
        foreach (var url in (Text(profile, "applicationUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = new Uri(url);
            var before = endpoints.Count(endpoint => endpoint.Scheme == address.Scheme);
            endpoints.Add(new(before == 0 ? address.Scheme : $"{address.Scheme}{before + 1}", address.Scheme, address.Port));
        }

        var environment = profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString() ?? "")
            : [];
        return new(endpoints, environment);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
