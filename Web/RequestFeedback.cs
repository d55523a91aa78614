using AspireFeedback.Messaging;
using AspireFeedback.Web.Admin;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
#if MARTEN
using AspireFeedback.Web.Log.Marten;
#else
using AspireFeedback.Web.Log.Postgres;
#endif
using AspireFeedback.Web.Outbox;
using AspireFeedback.Web.Policies;
using AspireFeedback.Web.Reports;
using AspireFeedback.Web.Requests;

namespace AspireFeedback.Web;

/// <summary>Web's part of the system, in this application or in another one.</summary>
public static class RequestFeedback
{
    /// <summary>
    /// Adds the log, what keeps it going, and everything that <see cref="MapRequestFeedback"/> needs. The application starts once its database can be
    /// reached and has its tables; it needs neither broker nor Redis to start.
    /// </summary>
    public static IHostApplicationBuilder AddRequestFeedback(this IHostApplicationBuilder builder, Action<RequestFeedbackOptions> configure)
    {
        var options = new RequestFeedbackOptions();
        configure(options);
        var kinds = new KindCatalog([.. options.Checked().Kinds]);
        builder.Services.AddSingleton(options).AddSingleton(kinds).AddSingleton(new FeedbackEndpoint(options.RoutePrefix));

        builder.AddFeedbackProblems(options.WholeApplication);
        // The log: every request, its events, its outgoing messages.
#if MARTEN
        builder.AddMartenLog(options.DatabaseConnectionName, options.DatabaseSchema, options.ConfigureDatabase);
#else
        builder.AddPostgresLog(options.DatabaseConnectionName, options.DatabaseSchema, options.ConfigureDatabase);
#endif
        // Guests and users by cookie, scripts by token, or whoever the application knows.
        if (options.HostIdentity is { } host)
            builder.AddHostIdentity(host);
        else
            builder.AddFeedbackIdentity(options.IdentityProviders);
        builder.AddFeedbackFiles();                      // uploads, and capabilities for the backends that read them
        builder.AddFeedback(options.RedisConnectionName); // push to whoever waits, over Redis between the instances

        builder.AddTransport(options.BrokerConnectionName, rabbit =>
        {
            rabbit.Kinds = [.. rabbit.Kinds.Union(kinds.All.Select(kind => kind.Name))];
            rabbit.SendTimeout = OutboxPublisher.SendLimit;
        });
        builder.Services.AddOutbox();                                // log → requests.{kind}, control
        builder.Services.AddHostedService<ReportConsumer>();         // reports, dead → log → live feed
        builder.Services.AddPolicies();                              // what must not go on, wait or be kept for ever
        builder.Services.AddAdmission();                             // what is refused before it is accepted
        builder.Services.AddRequests();
        builder.Services.AddAdmin();                                 // history and search, for developers
        return builder;
    }

    /// <summary>
    /// Maps the routes of <c>docs/http.md</c>, and installs what they need by itself, for them alone unless
    /// <see cref="RequestFeedbackOptions.WholeApplication"/> says otherwise. What is added to the answer (CORS, rate limits) holds for all of them.
    /// </summary>
    public static RouteGroupBuilder MapRequestFeedback(this WebApplication app)
    {
        var options = app.Services.GetService<RequestFeedbackOptions>() ?? throw new InvalidOperationException("MapRequestFeedback needs AddRequestFeedback.");
        if (options.WholeApplication)
            app.UseFeedbackProblems();
        if (options.Page)
            app.UsePage();
        if (options.WholeApplication)
            app.UseFeedbackIdentity();

        var endpoint = app.Services.GetRequiredService<FeedbackEndpoint>();
        app.MapGroup("").WithFeedback(endpoint, options.WholeApplication).MapProblems();
        var routes = app.MapGroup(options.RoutePrefix).WithFeedback(endpoint, options.WholeApplication);
        if (options.HostIdentity is null)
            routes.MapIdentity(options.Guests);
        else
            routes.MapHostIdentity();
        routes.MapFiles();
        routes.MapRequests();
        routes.MapFeedback();
        routes.MapAdmin(signsIn: options.HostIdentity is null);
        return routes;
    }

    /// <summary>The id under which a user of <see cref="RequestFeedbackOptions.IdentifyBy"/> owns requests: in the log, and in the answer of <c>GET /me</c>.</summary>
    public static Guid OwnerOf(string userId) => new ExternalUser(HostIdentity.Issuer, userId, null, IsAdmin: false).Owner;
}
