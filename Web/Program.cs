using AspireFeedback.Contracts;
using AspireFeedback.Web;
using AspireFeedback.Web.OpenApi;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddFeedbackOpenApi();

builder.AddRequestFeedback(feedback =>
{
    foreach (var kind in Kinds.All)
        feedback.Kinds.Add(kind);
    feedback.WholeApplication = true; // this one does nothing else
    feedback.Page = true;
});

var app = builder.Build();
app.MapRequestFeedback();
app.MapDefaultEndpoints();
app.MapOpenApi("/openapi/v1.json");
await app.RunAsync();

// Not public, as it would be by itself: an application that references this one has a Program too.
internal sealed partial class Program;
