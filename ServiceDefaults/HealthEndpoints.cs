namespace AspireFeedback.ServiceDefaults;

internal static class HealthEndpoints
{
    public const string Ready = "/health";
    public const string Alive = "/alive";
}
