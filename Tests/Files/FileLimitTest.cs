using AspireFeedback.Tests.Support;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AspireFeedback.Tests.Files;

/// <summary>A replica with a limit of its own, and somebody who uploads to it.</summary>
/// <param name="setting">The key of the limit.</param>
public abstract class FileLimitTest(PostgresServer postgres, string setting, int limit) : IAsyncLifetime
{
    private protected string Database { get; private set; } = null!;

    private protected WebReplica Web { get; private set; } = null!;

    private protected HttpClient Owner { get; private set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateDatabaseAsync(Cancellation);
        Web = await WebReplica.StartAsync(Database, builder => builder.Configuration.AddInMemoryCollection([new(setting, $"{limit}")]));
        Owner = await PersonAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await Web.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<HttpClient> PersonAsync()
    {
        var person = Web.Browser();
        await person.GetAsync("/me", Cancellation);
        return person;
    }

    private protected static Task<HttpResponseMessage> PutAsync(HttpClient person, Guid id, byte[] bytes, bool withLength = true) =>
        person.PutAsync($"/files/{id}", withLength ? new ByteArrayContent(bytes) : new Unmeasured(bytes), Cancellation);
}
