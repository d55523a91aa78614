using System.Net;
using System.Security.Cryptography;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

public sealed class StoredPerOwnerTests(PostgresServer postgres) : FileLimitTest(postgres, "Files:MaxBytesPerOwner", Limit)
{
    private const int Limit = 1_000_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_would_be_too_much_is_refused_and_leaves_nothing(bool withLength)
    {
        var (id, bytes) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(700_000));
        (await PutAsync(Owner, id, bytes)).StatusCode.ShouldBe(HttpStatusCode.Created);

        using var refused = await PutAsync(Owner, Guid.NewGuid(), RandomNumberGenerator.GetBytes(Limit - 700_000 + 1), withLength);

        await refused.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-much-stored");
        await Eventually.HoldsAsync(async () => await FileRows.LooseAsync(Database) == 0);
        (await PutAsync(Owner, id, bytes)).StatusCode.ShouldBe(HttpStatusCode.OK, "the same file again adds nothing");
        (await PutAsync(Owner, Guid.NewGuid(), new byte[Limit - 700_000], withLength)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await (await PutAsync(Owner, Guid.NewGuid(), [1], withLength)).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-much-stored");
    }

    [Fact]
    public async Task What_others_have_does_not_count()
    {
        using var other = await PersonAsync();
        (await PutAsync(other, Guid.NewGuid(), new byte[Limit])).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await PutAsync(Owner, Guid.NewGuid(), new byte[Limit])).StatusCode.ShouldBe(HttpStatusCode.Created);
    }
}
