// The whole system on one screen, against Aspire's API. AppHost.csproj chooses who implements it.
Console.WriteLine(Mode.Description);

var builder = DistributedApplication.CreateBuilder(args);

// Opens /admin to whoever runs this; shown at start.
var adminKey = builder.AddParameter("admin-key", secret: true);

// The truth: one append-only log of every request, outbox and files with it. Kept between runs.
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var log = postgres.AddDatabase("feedback");

// Wakes the web instances that hold an owner's connections. Loses nothing when it is lost.
var redis = builder.AddRedis("redis");

// RabbitMQ, or what Messaging/ has instead. Carries work to the backends and reports back. Kept, since accepted messages outlive a restart.
var messaging = builder.AddBroker("messaging");

// Accepts requests and shows their progress; two, because any instance must do. It waits for the log only:
// without broker or Redis it accepts all the same, and sends when they are back.
var web = builder.AddProject<Projects.Web>("web")
    .WithReplicas(2)
    .WithReference(log)
    .WithReference(redis)
    .WithReference(messaging)
    .WithEnvironment("Admin__Key", adminKey)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WaitFor(log);

// The address that messages give to backends, to read and write files.
web.WithEnvironment("Feedback__FilesUrl", web.GetEndpoint("http"));

// Each request is linked to its trace, where there is a dashboard; for owners too, since they are whoever runs this.
if (Mode.DashboardUrl is { } dashboard)
    web.WithEnvironment("Dashboard__Url", dashboard).WithEnvironment("Dashboard__ForOwners", "true");

// Does the work and reports; two, because a worker may die. It knows nothing of Web's database.
builder.AddProject<Projects.Backend>("backend")
    .WithReplicas(2)
    .WithReference(messaging)
    .WithReference(web)
    .WithEnvironment("Handling__Kinds", "echo,csv-profile")
    .WithHttpEndpoint(name: "http")
    .WithHttpHealthCheck("/health")
    .WaitFor(messaging);

// An order goes over three services, each with a queue of its own: payment → stock → shipping.
foreach (var (name, kind) in new[] { ("payment", "checkout"), ("stock", "checkout-stock"), ("shipping", "checkout-shipping") })
{
    builder.AddProject<Projects.Backend>(name)
        .WithReference(messaging)
        .WithReference(web)
        .WithEnvironment("Handling__Kinds", kind)
        .WithHttpEndpoint(name: "http")
        .WithHttpHealthCheck("/health")
        .WaitFor(messaging);
}

builder.Build().Run();
