/// <summary>Which host this AppHost was built for.</summary>
internal static class Mode
{
    public static string Description { get; } = typeof(DistributedApplication).Assembly.GetName().Name == "Aspire.Hosting"
        ? "AspireFeedback on Aspire, in containers. Without containers: dotnet run --project AppHost -p:UseAspire=false"
        : "AspireFeedback on LocalAspire, without containers. On Aspire itself: dotnet run --project AppHost -p:UseAspire=true";
}
