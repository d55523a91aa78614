using System.Net;
using System.Security.Cryptography;
using AspireFeedback.Tests.Support;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

public sealed class StoredPerOwnerTests(PostgresServer postgres) : IAsyncLifetime
{
    private const int Limit = 1_000_000;
    private string _database = null!;
    private WebReplica _web = null!;
    private HttpClient _owner = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync(Cancellation);
        _web = await WebReplica.StartAsync(_database, builder => builder.Configuration.AddInMemoryCollection([new("Files:MaxBytesPerOwner", $"{Limit}")]));
        _owner = _web.Browser();
        await _owner.GetAsync("/me", Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _web.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_would_be_too_much_is_refused_and_leaves_nothing(bool withLength)
    {
        var (id, bytes) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(700_000));
        (await PutAsync(_owner, id, bytes)).StatusCode.ShouldBe(HttpStatusCode.Created);

        using var refused = await PutAsync(_owner, Guid.NewGuid(), RandomNumberGenerator.GetBytes(Limit - 700_000 + 1), withLength);

        await refused.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-much-stored");
        await Eventually.HoldsAsync(async () => await FileRows.LooseAsync(_database) == 0);
        (await PutAsync(_owner, id, bytes)).StatusCode.ShouldBe(HttpStatusCode.OK, "the same file again adds nothing");
        (await PutAsync(_owner, Guid.NewGuid(), new byte[Limit - 700_000], withLength)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await (await PutAsync(_owner, Guid.NewGuid(), [1], withLength)).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-much-stored");
    }

    [Fact]
    public async Task What_others_have_does_not_count()
    {
        using var other = _web.Browser();
        await other.GetAsync("/me", Cancellation);
        (await PutAsync(other, Guid.NewGuid(), new byte[Limit])).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await PutAsync(_owner, Guid.NewGuid(), new byte[Limit])).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, Guid id, byte[] bytes, bool withLength = true) =>
        client.PutAsync($"/files/{id}", withLength ? new ByteArrayContent(bytes) : new Unmeasured(bytes), Cancellation);
}
