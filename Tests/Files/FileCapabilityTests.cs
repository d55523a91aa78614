using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

public sealed class FileCapabilityTests(TwoReplicas web) : IClassFixture<TwoReplicas>, IAsyncLifetime
{
    private readonly HttpClient _browser = web.A.Browser();
    private readonly Guid _request = Guid.NewGuid();
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(700_000);
    private Guid _owner;
    private Guid _file;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _owner = System.Text.Json.JsonDocument.Parse(await _browser.GetStringAsync("/me", Cancellation)).RootElement.GetProperty("id").GetGuid();
        _file = await UploadAsync(_browser, _bytes);
    }

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_worker_reads_the_named_files_at_any_replica_and_resumes_by_range()
    {
        using var worker = web.B.Script(Issue([_file]));

        (await worker.GetByteArrayAsync($"/files/{_file}", Cancellation)).ShouldBe(_bytes);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/files/{_file}") { Headers = { Range = new(500_000, null) } };
        using var rest = await worker.SendAsync(request, Cancellation);
        rest.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await rest.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(_bytes[500_000..]);
    }

    [Fact]
    public async Task A_worker_reads_nothing_else()
    {
        var other = await UploadAsync(_browser, [1]);
        using var stranger = web.A.Browser();
        await stranger.GetAsync("/me", Cancellation);
        var foreign = await UploadAsync(stranger, [2]);
        using var worker = web.B.Script(Issue([_file, foreign]));

        foreach (var id in new[] { other, foreign, Guid.NewGuid() })
            await (await worker.GetAsync($"/files/{id}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_worker_makes_files_for_the_owner_which_later_hops_can_read_and_other_requests_cannot()
    {
        var (id, bytes) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(500_000));
        using var worker = web.B.Script(Issue([]));

        (await worker.PutAsync($"/files/{id}", new ByteArrayContent(bytes), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await worker.PutAsync($"/files/{id}", new ByteArrayContent(bytes), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await _browser.GetByteArrayAsync($"/files/{id}", Cancellation)).ShouldBe(bytes);
        (await worker.GetByteArrayAsync($"/files/{id}", Cancellation)).ShouldBe(bytes);
        using var otherWorker = web.B.Script(Issue([], request: Guid.NewGuid()));
        (await otherWorker.GetAsync($"/files/{id}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_expired_or_forged_capability_opens_nothing()
    {
        var good = Issue([_file]);
        var forged = good[..40] + (good[40] == 'A' ? 'B' : 'A') + good[41..];
        foreach (var token in new[] { Issue([_file], TimeSpan.FromSeconds(-1)), forged, "", "nonsense", "nötig" })
        {
            using var worker = web.A.Script();
            worker.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {Uri.EscapeDataString(token)}");
            var refused = await worker.GetAsync($"/files/{_file}", Cancellation);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
            refused.Headers.WwwAuthenticate.Single().ShouldBe(new AuthenticationHeaderValue("Bearer", "error=\"invalid_token\""));
        }
    }

    [Theory]
    [InlineData("/owned")]
    [InlineData("/me")]
    [InlineData("/feedback")]
    public async Task A_capability_is_no_identity(string path)
    {
        using var worker = web.A.Script(Issue([_file]));

        (await worker.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void A_message_carries_base_url_and_a_capability_until_a_day_after_the_deadline()
    {
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddDays(7).ToUnixTimeMilliseconds());
        var outgoing = new Outgoing(1, _request, Guid.NewGuid(), OutgoingType.Work, "echo", 1, 1, "{}") { Owner = _owner, Deadline = deadline, Files = [_file] };

        var parts = Capabilities.WireOf(outgoing).Split(' ');

        parts[0].ShouldBe("http://web");
        var capability = Capabilities.Read(parts[1])!;
        (capability.Owner, capability.RequestId, capability.Until).ShouldBe((_owner, _request, deadline.AddDays(1)));
        capability.Readable.ShouldBe([_file]);
        Should.NotThrow(() => Capabilities.WireOf(outgoing with { Deadline = DateTimeOffset.MaxValue, Files = null }));
    }

    private FileCapabilities Capabilities => web.A.Services.GetRequiredService<FileCapabilities>();

    private string Issue(IReadOnlyList<Guid> readable, TimeSpan? life = null, Guid? request = null) =>
        Capabilities.Issue(_owner, request ?? _request, readable, DateTimeOffset.UtcNow + (life ?? TimeSpan.FromHours(1)));

    private static async Task<Guid> UploadAsync(HttpClient client, byte[] bytes)
    {
        var id = Guid.NewGuid();
        (await client.PutAsync($"/files/{id}", new ByteArrayContent(bytes), Cancellation)).EnsureSuccessStatusCode();
        return id;
    }
}
