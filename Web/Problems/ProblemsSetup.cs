using AspireFeedback.Contracts;
using AspireFeedback.Web.OpenApi;
using Microsoft.AspNetCore.Diagnostics;

namespace AspireFeedback.Web;

internal static class ProblemsSetup
{
    /// <summary>Errors of every kind become problem details.</summary>
    /// <param name="wholeApplication">Or of the endpoints of this system only.</param>
    public static IHostApplicationBuilder AddFeedbackProblems(this IHostApplicationBuilder builder, bool wholeApplication = true)
    {
        builder.Services.AddSingleton(new FeedbackReach(wholeApplication));
        // Before the framework's own writer: the first that can write does.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        if (!wholeApplication)
            return builder;
        builder.Services.ConfigureHttpJsonOptions(json => FeedbackJson.Configure(json.SerializerOptions));
        // Otherwise only development tells the reason of a refused body; elsewhere it is an empty 400.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return builder;
    }

    public static IApplicationBuilder UseFeedbackProblems(this IApplicationBuilder app) => app
        .UseExceptionHandler()
        .UseStatusCodePages(context => WriteAsync(context));

    public static IEndpointRouteBuilder MapProblems(this IEndpointRouteBuilder routes)
    {
        var problems = routes.MapGroup("/problems").AllowAnonymous().WithTags("Problems");
        problems.MapGet("", ProblemPage.List).Describe("ListProblems", "All problems that this API answers with, or that work may end with.")
            .Answers(200, "As JSON when asked for.", new[] { ProblemPage.View("gone"), ProblemPage.View("id-reused") })
            .AnswersText(200, "Otherwise as a page.", "text/html", null);
        problems.MapGet("/{name}", ProblemPage.Show).Describe("GetProblem", "What a problem means.")
            .Parameter("name", "The last part of a problem's type.")
            .Answers(200, "As JSON when asked for.", ProblemPage.View("gone"))
            .AnswersText(200, "Otherwise as a page.", "text/html", null)
            .Refuses("not-found");
        return routes;
    }

    private static async Task WriteAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var problems = http.RequestServices.GetRequiredService<IProblemDetailsService>();
        await problems.WriteAsync(new() { HttpContext = http, ProblemDetails = Problems.DetailsOf(http.Response.StatusCode) });
    }
}
