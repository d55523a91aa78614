namespace AspireFeedback.Web.Feedback;

internal static class FeedbackSetup
{
    public static void AddLiveFeed(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<LiveFeed>();

    public static void MapFeedback(this IEndpointRouteBuilder routes) => _ = routes;
}
