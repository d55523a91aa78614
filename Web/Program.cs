using AspireFeedback.Contracts;
using AspireFeedback.Web;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOpenApi();

builder.AddRequestFeedback(feedback =>
{
    feedback.Kinds.Add(Kinds.Echo);
    feedback.Kinds.Add(Kinds.CsvProfile);
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
