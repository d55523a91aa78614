namespace AspireFeedback.LocalAspire.Processes;

internal static class ChildEnvironment
{
    /// <summary>Marks every process of one run, so that the undertaker finds also those that it was not told of.</summary>
    public const string MarkVariable = "LOCALASPIRE_RUN";

    private static readonly string[] s_basics = ["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    // What `dotnet run` and the AppHost's own launch profile set is about the AppHost, not about its children.
    private static readonly string[] s_ownOfAppHost =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT",
        "DOTNET_LAUNCH_PROFILE", "DOTNET_STARTUP_HOOKS", "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES",
        "MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildLoadMicrosoftTargetsReadOnly", MarkVariable,
    ];

    public static void Apply(IDictionary<string, string?> environment, Launch launch, string mark)
    {
        var dropped = launch.InheritEnvironment ? s_ownOfAppHost : [.. environment.Keys.Except(s_basics)];
        foreach (var name in dropped)
            environment.Remove(name);
        foreach (var (name, value) in launch.Environment)
            environment[name] = value;
        environment[MarkVariable] = mark;
    }
}
