using System.Net;
using System.Security.Cryptography;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

public sealed class FileCleanupTests(TwoReplicas web) : IClassFixture<TwoReplicas>, IAsyncLifetime
{
    private readonly HttpClient _browser = web.A.Browser();
    private Guid _owner;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _owner = System.Text.Json.JsonDocument.Parse(await _browser.GetStringAsync("/me", Cancellation)).RootElement.GetProperty("id").GetGuid();

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_file_that_no_request_names_goes_after_a_day()
    {
        var file = await UploadAsync();

        await PassAsync("23 hours");
        await Cleanup(web.B).RunOnceAsync(Cancellation);
        (await StatusAsync(file)).ShouldBe(HttpStatusCode.OK);

        await PassAsync("2 hours");
        await Cleanup(web.B).RunOnceAsync(Cancellation);
        (await StatusAsync(file)).ShouldBe(HttpStatusCode.NotFound);
        (await FileRows.ChunksAsync(web.Database)).ShouldBe(0);
    }

    [Fact]
    public async Task Uploading_again_begins_another_day()
    {
        var (id, bytes) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(10));
        await UploadAsync(id, bytes);
        await PassAsync("23 hours");
        await UploadAsync(id, bytes);
        await PassAsync("23 hours");

        await Cleanup(web.A).RunOnceAsync(Cancellation);

        (await StatusAsync(id)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_the_owner_can_keep_a_file_and_learns_which_ones_are_not_there()
    {
        var (mine, unknown) = (await UploadAsync(), Guid.NewGuid());

        var request = Guid.NewGuid();

        (await Store(web.B).FindMissingAsync(_owner, [mine, unknown, mine], Cancellation)).ShouldBe([unknown]);
        (await Store(web.B).FindMissingAsync(Guid.NewGuid(), [mine], Cancellation)).ShouldBe([mine]);
        (await Store(web.B).KeepAsync(_owner, [mine, unknown, mine], request, Cancellation)).Missing.ShouldBe([unknown]);
        (await Store(web.B).KeepAsync(Guid.NewGuid(), [mine], request, Cancellation)).Missing.ShouldBe([mine]);
        (await Store(web.B).KeepAsync(_owner, [], request, Cancellation)).Missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Replicas_that_clean_at_once_share_the_work()
    {
        await Cleanup(web.A).RunOnceAsync(Cancellation);
        for (var i = 0; i < 20; i++)
            await UploadAsync(Guid.NewGuid(), RandomNumberGenerator.GetBytes(600_000));
        await FileRows.ExecuteAsync(web.Database, "update files set kept_until = now() - interval '1 second'");

        var gone = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Cleanup(n % 2 == 0 ? web.A : web.B).RunOnceAsync(Cancellation)));

        gone.Sum().ShouldBeGreaterThanOrEqualTo(20);
        await Cleanup(web.A).RunOnceAsync(Cancellation);
        (await FileRows.LooseAsync(web.Database)).ShouldBe(0);
    }

    private Task PassAsync(string interval) => FileRows.ExecuteAsync(web.Database, $"update files set kept_until = kept_until - interval '{interval}'");

    private Task<Guid> UploadAsync() => UploadAsync(Guid.NewGuid(), RandomNumberGenerator.GetBytes(300_000));

    private async Task<Guid> UploadAsync(Guid id, byte[] bytes)
    {
        (await _browser.PutAsync($"/files/{id}", new ByteArrayContent(bytes), Cancellation)).EnsureSuccessStatusCode();
        return id;
    }

    private async Task<HttpStatusCode> StatusAsync(Guid id) => (await _browser.GetAsync($"/files/{id}", Cancellation)).StatusCode;

    private static FileCleanup Cleanup(WebReplica replica) => replica.Services.GetServices<IHostedService>().OfType<FileCleanup>().Single();

    private static IFileStore Store(WebReplica replica) => replica.Services.GetRequiredService<IFileStore>();
}
