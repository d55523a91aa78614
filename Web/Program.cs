using AspireFeedback.Contracts;
using AspireFeedback.Messaging.RabbitMq;
using AspireFeedback.Web;
using AspireFeedback.Web.Admin;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using AspireFeedback.Web.Outbox;
using AspireFeedback.Web.Policies;
using AspireFeedback.Web.Reports;
using AspireFeedback.Web.Requests;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.ConfigureHttpJsonOptions(json => FeedbackJson.Configure(json.SerializerOptions));
builder.Services.AddOpenApi();

builder.AddFeedbackProblems();
builder.AddPostgresLog();      // the log: every request, its events, its outgoing messages
builder.AddFeedbackIdentity(); // guests and users by cookie, scripts by token; OpenID Connect plugs in here
builder.AddFeedbackFiles();    // uploads, and capabilities for the backends that read them
builder.AddFeedback();         // push to whoever waits, over Redis between the instances

builder.Services.AddRabbitMqTransport("messaging", rabbit =>
{
    rabbit.Kinds = [.. KindCatalog.All.Select(kind => kind.Name)];
    rabbit.SendTimeout = OutboxPublisher.SendLimit;
});
builder.Services.AddOutbox();                                // log → requests.{kind}, control
builder.Services.AddHostedService<ReportConsumer>();         // reports, dead → log → live feed
builder.Services.AddPolicies();                              // what must not go on, wait or be kept for ever
builder.Services.AddAdmission();                             // what is refused before it is accepted
builder.Services.AddRequests();
builder.Services.AddAdmin();                                 // history and search, for developers

var app = builder.Build();
app.UseFeedbackProblems();
app.UsePage();
app.UseFeedbackIdentity();
app.MapDefaultEndpoints();
app.MapOpenApi("/openapi/v1.json");
app.MapIdentity();
app.MapProblems();
app.MapFiles();
app.MapRequests();
app.MapFeedback();
app.MapAdmin();
await app.RunAsync();
