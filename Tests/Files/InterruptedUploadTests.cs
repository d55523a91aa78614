using System.Net;
using System.Security.Cryptography;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Files;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

public sealed class InterruptedUploadTests(PostgresServer postgres) : IAsyncLifetime
{
    private const int Limit = 6_000_000;
    private string _database = null!;
    private WebReplica _web = null!;
    private HttpClient _owner = null!;
    private readonly string _path = $"/files/{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync(Cancellation);
        _web = await WebReplica.StartAsync(_database, builder => builder.Configuration.AddInMemoryCollection([new("Files:MaxBytes", $"{Limit}")]));
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
    public async Task A_broken_upload_leaves_nothing(bool withLength)
    {
        var content = new PausingContent(RandomNumberGenerator.GetBytes(5_000_000), pauseAt: 4_000_000, withLength);
        var upload = _owner.PutAsync(_path, content, Cancellation);
        await Eventually.HoldsAsync(async () => await FileRows.ChunksAsync(_database) > 0);
        (await _owner.GetAsync(_path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        content.Break();

        await Should.ThrowAsync<HttpRequestException>(upload);
        await Eventually.HoldsAsync(async () => await FileRows.LooseAsync(_database) == 0);
        (await _owner.GetAsync(_path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task After_a_broken_upload_the_same_id_takes_the_whole_file()
    {
        var bytes = RandomNumberGenerator.GetBytes(5_000_000);
        var content = new PausingContent(bytes, pauseAt: 4_000_000);
        var upload = _owner.PutAsync(_path, content, Cancellation);
        await Eventually.HoldsAsync(async () => await FileRows.ChunksAsync(_database) > 0);
        content.Break();
        await Should.ThrowAsync<HttpRequestException>(upload);

        (await _owner.PutAsync(_path, new ByteArrayContent(bytes), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await _owner.GetByteArrayAsync(_path, Cancellation)).ShouldBe(bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_above_the_limit_is_a_413_and_leaves_nothing(bool withLength)
    {
        var bytes = new byte[Limit + 1];

        using var refused = await _owner.PutAsync(_path, withLength ? new ByteArrayContent(bytes) : new Unmeasured(bytes), Cancellation);

        var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
        problem.GetProperty("detail").GetString()!.ShouldContain($"{Limit}");
        await Eventually.HoldsAsync(async () => await FileRows.LooseAsync(_database) == 0);
        (await _owner.GetAsync(_path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_as_large_as_the_limit_is_taken(bool withLength)
    {
        var bytes = new byte[Limit];

        using var created = await _owner.PutAsync(_path, withLength ? new ByteArrayContent(bytes) : new Unmeasured(bytes), Cancellation);

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_upload_silent_for_an_hour_is_given_up_and_says_so_when_it_goes_on()
    {
        var content = new PausingContent(RandomNumberGenerator.GetBytes(5_000_000), pauseAt: 4_000_000);
        var upload = _owner.PutAsync(_path, content, Cancellation);
        await Eventually.HoldsAsync(async () => await FileRows.ChunksAsync(_database) > 0);

        // A chunk that was still on its way counts as a sign of life.
        var cleanup = _web.Services.GetServices<IHostedService>().OfType<FileCleanup>().Single();
        await Eventually.HoldsAsync(async () =>
        {
            await FileRows.ExecuteAsync(_database, "update uploads set seen_at = now() - interval '61 minutes'");
            return await cleanup.RunOnceAsync(Cancellation) == 1;
        });
        (await FileRows.ChunksAsync(_database)).ShouldBe(0);
        content.GoOn();

        await (await upload).ShouldBeProblemAsync(HttpStatusCode.Conflict, "file-incomplete");
        (await FileRows.LooseAsync(_database)).ShouldBe(0);
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
