namespace AspireFeedback.Web.Policies;

internal static class PoliciesSetup
{
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services
        .AddSingleton<UndisturbedReports>()
        .AddHostedService<EndPolicies>()     // deadlines, unanswered cancels, silent workers
        .AddHostedService<LostDispatches>()  // work that no queue has and no worker started
        .AddHostedService<Retention>();      // what has ended long ago
}
