using AspireFeedback.Backend.Checkout;
using AspireFeedback.Backend.CsvProfile;
using AspireFeedback.Backend.Echo;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton<EchoLedger>().AddOptions<EchoOptions>().BindConfiguration(EchoOptions.Section);

builder.AddRequestHandling(handling =>
{
    // RabbitMQ takes work back from a consumer that holds it for 30 minutes.
    var limit = TimeSpan.FromMinutes(25);
    handling.Add<EchoHandler>(Kinds.Echo, concurrency: 128, limit); // mostly waits
    handling.Add<CsvProfileHandler>(Kinds.CsvProfile, Environment.ProcessorCount, limit);
    handling.Add<PaymentHandler>(Kinds.Checkout, concurrency: 32, limit);
    handling.Add<StockHandler>(Kinds.CheckoutStock, concurrency: 32, limit);
    handling.Add<ShippingHandler>(Kinds.CheckoutShipping, concurrency: 32, limit);
    handling.HealthWithoutWork = HealthStatus.Unhealthy; // there is nothing else to do here
});

var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();

// Not public, as it would be by itself: an application that references this one has a Program too.
internal sealed partial class Program;
