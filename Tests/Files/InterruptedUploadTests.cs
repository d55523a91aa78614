using System.Net;
using System.Security.Cryptography;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

public sealed class InterruptedUploadTests(PostgresServer postgres) : FileLimitTest(postgres, "Files:MaxBytes", Limit)
{
    private const int Limit = 6_000_000;
    private readonly Guid _id = Guid.NewGuid();

    private string Path => $"/files/{_id}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broken_upload_leaves_nothing(bool withLength)
    {
        var content = new PausingContent(RandomNumberGenerator.GetBytes(5_000_000), pauseAt: 4_000_000, withLength);
        var upload = Owner.PutAsync(Path, content, Cancellation);
        await Eventually.HoldsAsync(async () => await FileRows.ChunksAsync(Database) > 0);
        (await Owner.GetAsync(Path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        content.Break();

        await Should.ThrowAsync<HttpRequestException>(upload);
        await Eventually.HoldsAsync(async () => await FileRows.LooseAsync(Database) == 0);
        (await Owner.GetAsync(Path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task After_a_broken_upload_the_same_id_takes_the_whole_file()
    {
        var bytes = RandomNumberGenerator.GetBytes(5_000_000);
        var content = new PausingContent(bytes, pauseAt: 4_000_000);
        var upload = Owner.PutAsync(Path, content, Cancellation);
        await Eventually.HoldsAsync(async () => await FileRows.ChunksAsync(Database) > 0);
        content.Break();
        await Should.ThrowAsync<HttpRequestException>(upload);

        (await PutAsync(Owner, _id, bytes)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await Owner.GetByteArrayAsync(Path, Cancellation)).ShouldBe(bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_above_the_limit_is_a_413_and_leaves_nothing(bool withLength)
    {
        using var refused = await PutAsync(Owner, _id, new byte[Limit + 1], withLength);

        var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
        problem.GetProperty("detail").GetString()!.ShouldContain($"{Limit}");
        await Eventually.HoldsAsync(async () => await FileRows.LooseAsync(Database) == 0);
        (await Owner.GetAsync(Path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_as_large_as_the_limit_is_taken(bool withLength)
    {
        using var created = await PutAsync(Owner, _id, new byte[Limit], withLength);

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_upload_silent_for_an_hour_is_given_up_and_says_so_when_it_goes_on()
    {
        var content = new PausingContent(RandomNumberGenerator.GetBytes(5_000_000), pauseAt: 4_000_000);
        var upload = Owner.PutAsync(Path, content, Cancellation);
        await Eventually.HoldsAsync(async () => await FileRows.ChunksAsync(Database) > 0);

        // A chunk that was still on its way counts as a sign of life.
        var cleanup = Web.Services.GetServices<IHostedService>().OfType<FileCleanup>().Single();
        await Eventually.HoldsAsync(async () =>
        {
            await FileRows.ExecuteAsync(Database, "update uploads set seen_at = now() - interval '61 minutes'");
            return await cleanup.RunOnceAsync(Cancellation) == 1;
        });
        (await FileRows.ChunksAsync(Database)).ShouldBe(0);
        content.GoOn();

        await (await upload).ShouldBeProblemAsync(HttpStatusCode.Conflict, "file-incomplete");
        (await FileRows.LooseAsync(Database)).ShouldBe(0);
    }

    /// <summary>Stops in the middle until it is told to go on or to break.</summary>
    private sealed class PausingContent(byte[] bytes, int pauseAt, bool withLength = true) : HttpContent
    {
        private readonly TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _next.SetResult();

        public void Break() => _next.SetException(new IOException("The sender is gone."));

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, pauseAt));
            await stream.FlushAsync();
            await _next.Task;
            await stream.WriteAsync(bytes.AsMemory(pauseAt));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = withLength ? bytes.Length : 0;
            return withLength;
        }
    }
}
