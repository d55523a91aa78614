using AspireFeedback.Backend.Echo;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddHandling();
builder.Services.AddHandler<EchoHandler, EchoRequest, EchoResult>(Kinds.Echo, concurrency: 128); // queue requests.echo

var app = builder.Build();
await app.RunAsync();
