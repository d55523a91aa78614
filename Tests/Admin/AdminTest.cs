using AspireFeedback.Tests.Support;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AspireFeedback.Tests.Admin;

/// <summary>A replica with a log of its own, and an admin in front of it.</summary>
public abstract class AdminTest(PostgresServer postgres) : IAsyncLifetime
{
    private WebReplica? _web;
    private HttpClient? _admin;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected PostgresServer Postgres => postgres;

    private protected WebReplica Web => _web!;

    protected HttpClient Admin => _admin!;

    public async ValueTask InitializeAsync()
    {
        _web = await AdminReplica.StartAsync(
            await postgres.CreateDatabaseAsync(Cancellation),
            builder => builder.Configuration.AddInMemoryCollection([new("Dashboard:Url", "http://localhost:15100/")]));
        _admin = Web.Admin();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _admin?.Dispose();
        if (_web is not null)
            await _web.DisposeAsync();
    }
}
