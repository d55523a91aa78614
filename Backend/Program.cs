using AspireFeedback.Backend.Echo;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging.RabbitMq;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddRabbitMqTransport("messaging", rabbit => rabbit.Kinds = [.. Kinds.All.Select(kind => kind.Name)]);
builder.Services.AddHealthChecks().AddTransportCheck();

builder.Services.AddHandling();
builder.Services.AddHandler<EchoHandler, EchoRequest, EchoResult>(Kinds.Echo, concurrency: 128); // queue requests.echo

var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();
