using System.Globalization;

// A server for the tests of LocalAspire: it says who it is, and does what a test needs to see of a connection.
var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => Environment.GetEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES"));
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapGet("/directory", Directory.GetCurrentDirectory);
// Healthy at once, or with the argument "healthy-after=700" that many milliseconds later.
var patience = args.FirstOrDefault(a => a.StartsWith("healthy-after=", StringComparison.Ordinal)) is { } argument
    ? int.Parse(argument.Split('=')[1], CultureInfo.InvariantCulture)
    : 0;
var started = Environment.TickCount64;
app.MapGet("/health", () => Environment.TickCount64 - started < patience ? Results.StatusCode(503) : Results.Ok());
app.MapGet("/stream/{lines:int}", (int lines, CancellationToken cancellationToken) => Results.Stream(async body =>
{
    for (var i = 0; i < lines; i++)
    {
        await body.WriteAsync(System.Text.Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture) + "\n"), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}));

// With the argument "crash" it is a program that cannot start; with "crash-unless=PATH" one that can once that file is there.
var cure = args.FirstOrDefault(a => a.StartsWith("crash-unless=", StringComparison.Ordinal))?.Split('=')[1];
if (args.Contains("crash") || cure is not null && !File.Exists(cure))
    throw new InvalidOperationException("This sample was told to crash.");

await app.RunAsync();
