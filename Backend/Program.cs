using AspireFeedback.Backend.Checkout;
using AspireFeedback.Backend.CsvProfile;
using AspireFeedback.Backend.Echo;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging.RabbitMq;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

// Work from the queues requests.{kind}, orders to stop from the stream feedback.control, reports to the exchange feedback.reports.
builder.Services.AddRabbitMqTransport(configure: options => options.Kinds = [.. Kinds.All.Select(kind => kind.Name)]);
builder.Services.AddHandling();

// RabbitMQ takes work back from a consumer that holds it for 30 minutes.
var limit = TimeSpan.FromMinutes(25);
builder.Services.AddSingleton<EchoLedger>().AddOptions<EchoOptions>().BindConfiguration(EchoOptions.Section);
builder.Services.AddHandler<EchoHandler, EchoRequest, EchoResult>(Kinds.Echo, concurrency: 128, limit); // mostly waits
builder.Services.AddHandler<CsvProfileHandler, CsvProfileRequest, CsvProfileResult>(Kinds.CsvProfile, Environment.ProcessorCount, limit);
builder.Services.AddHandler<PaymentHandler, CheckoutRequest, CheckoutResult>(Kinds.Checkout, concurrency: 32, limit);
builder.Services.AddHandler<StockHandler, StockRequest, CheckoutResult>(Kinds.CheckoutStock, concurrency: 32, limit);
builder.Services.AddHandler<ShippingHandler, ShippingRequest, CheckoutResult>(Kinds.CheckoutShipping, concurrency: 32, limit);

var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();
