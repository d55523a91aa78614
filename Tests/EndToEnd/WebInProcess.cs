using AspireFeedback.Contracts;
using AspireFeedback.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

/// <summary>Web as it is, within the test's process, with kinds of the test's own, on the real broker and a database.</summary>
internal sealed class WebInProcess : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebInProcess(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public static async Task<WebInProcess> StartAsync(string database, string broker, Kind kind, ILoggerProvider? logs = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Critical);
        if (logs is not null)
            builder.Logging.SetMinimumLevel(LogLevel.Warning).ClearProviders().AddProvider(logs);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:feedback", database), new("ConnectionStrings:messaging", broker)]);
        builder.AddRequestFeedback(feedback =>
        {
            feedback.Kinds.Add(kind);
            feedback.RedisConnectionName = null;
        });
        var app = builder.Build();
        app.MapRequestFeedback();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public Task<Person> NewPersonAsync() => Person.ArriveAsync(new(_app.Urls.Single()), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
