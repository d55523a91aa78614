using AspireFeedback.Web.Identity;

namespace AspireFeedback.Web;

/// <summary>Marks the endpoints of this system within an application, and knows what stands before their routes.</summary>
internal sealed class FeedbackEndpoint(string prefix)
{
    public string Prefix => prefix;

    /// <summary>The path of one of this system's addresses, as the caller has to write it.</summary>
    public static string UrlOf(HttpContext context, string path) =>
        context.Request.PathBase + context.GetEndpoint()?.Metadata.GetMetadata<FeedbackEndpoint>()?.Prefix + path;
}

/// <summary>For which addresses of the application this system's manners hold.</summary>
internal sealed class FeedbackReach(bool wholeApplication)
{
    public bool Covers(HttpContext context) => Covers(context.GetEndpoint());

    public bool Covers(Endpoint? endpoint) => wholeApplication || endpoint?.Metadata.GetMetadata<FeedbackEndpoint>() is not null;
}

internal static class FeedbackEndpointSetup
{
    /// <summary>
    /// Around each endpoint rather than as middleware of the application, which then has nothing to put in order, and whose own endpoints nothing
    /// of this concerns. Last, so that conventions of the application stay outside.
    /// </summary>
    public static RouteGroupBuilder WithFeedback(this RouteGroupBuilder group, FeedbackEndpoint mark, bool wholeApplication)
    {
        group.WithMetadata(mark);
        if (wholeApplication)
            return group;
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is not { } inner)
                return;
            var around = new ApplicationBuilder(endpoint.ApplicationServices)
                .UseFeedbackProblems()
                .Use((context, next) => ForeignOrigins.RefuseAsync(context, next))
                .Use((context, next) => context.RequestServices.GetRequiredService<OpenCalls>().FollowAsync(context, next));
            around.Run(inner);
            endpoint.RequestDelegate = around.Build();
        });
        return group;
    }
}
