using System.Globalization;

// A server for the tests of LocalAspire: it says who it is, and does what a test needs to see of a connection.
var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => Environment.GetEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES"));
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapGet("/directory", Directory.GetCurrentDirectory);
app.MapGet("/health", () => File.Exists("unhealthy") ? Results.StatusCode(503) : Results.Ok());
app.MapGet("/stream/{lines:int}", (int lines, CancellationToken cancellationToken) => Results.Stream(async body =>
{
    for (var i = 0; i < lines; i++)
    {
        await body.WriteAsync(System.Text.Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture) + "\n"), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}));

// With the argument "crash" it is a program that cannot start.
if (args.Contains("crash"))
    throw new InvalidOperationException("This sample was told to crash.");

await app.RunAsync();
