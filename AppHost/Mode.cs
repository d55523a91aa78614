/// <summary>Which host this AppHost was built for.</summary>
internal static class Mode
{
    private static readonly bool IsAspire = typeof(DistributedApplication).Assembly.GetName().Name == "Aspire.Hosting";

    public static string Description { get; } = IsAspire
        ? "AspireFeedback on Aspire, in containers. Without containers: dotnet run --project AppHost -p:UseAspire=false"
        : "AspireFeedback on LocalAspire, without containers. On Aspire itself: dotnet run --project AppHost -p:UseAspire=true";

    /// <summary>
    /// Where traces can be looked at: what <c>Dashboard__Url</c> says, or the host's own dashboard, which has the AppHost's address.
    /// To be asked for after the builder is there: LocalAspire may have moved to a free port, or have none.
    /// </summary>
    public static string? DashboardUrl => Environment.GetEnvironmentVariable("Dashboard__Url")
        ?? Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0];
}
