using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

public sealed class FileUploadTests(TwoReplicas web) : IClassFixture<TwoReplicas>, IAsyncLifetime
{
    private readonly CookieContainer _cookies = new();
    private HttpClient _owner = null!;
    private HttpClient _ownerAtB = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_owner, _ownerAtB) = (web.A.Browser(_cookies), web.B.Browser(_cookies));
        await _owner.GetAsync("/me", Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _owner.Dispose();
        _ownerAtB.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData(256 * 1024 + 1)]
    [InlineData(2 * 1024 * 1024)]
    [InlineData(5_000_000)]
    public async Task An_upload_to_one_replica_is_read_at_the_other(int size)
    {
        var (id, bytes) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(size));

        using var created = await PutAsync(_owner, id, bytes);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.OriginalString.ShouldBe($"/files/{id}");
        var document = await created.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        document.GetProperty("size").GetInt64().ShouldBe(size);
        document.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));

        (await _ownerAtB.GetByteArrayAsync($"/files/{id}", Cancellation)).ShouldBe(bytes);
    }

    [Fact]
    public async Task The_same_bytes_again_are_200_and_others_409()
    {
        var (id, bytes) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(300_000));
        (await PutAsync(_owner, id, bytes)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await PutAsync(_ownerAtB, id, bytes)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var other = bytes.ToArray();
        other[^1] ^= 1;
        await (await PutAsync(_ownerAtB, id, other)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "file-conflict");
        await (await PutAsync(_owner, id, bytes[..^1])).ShouldBeProblemAsync(HttpStatusCode.Conflict, "file-conflict");
        await (await PutAsync(_owner, id, [.. bytes, 1])).ShouldBeProblemAsync(HttpStatusCode.Conflict, "file-conflict");
        await (await PutAsync(_owner, id, [.. bytes, 1], withLength: false)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "file-conflict");

        (await _owner.GetByteArrayAsync($"/files/{id}", Cancellation)).ShouldBe(bytes);
    }

    [Fact]
    public async Task Many_uploads_of_one_id_at_once_make_one_file_and_leave_nothing_else()
    {
        var (id, bytes) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(3_000_000));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => PutAsync(n % 2 == 0 ? _owner : _ownerAtB, id, bytes)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(7);
        (await _owner.GetByteArrayAsync($"/files/{id}", Cancellation)).ShouldBe(bytes);
        await Eventually.HoldsAsync(async () => await FileRows.LooseAsync(web.Database) == 0);
    }

    [Fact]
    public async Task Different_uploads_of_one_id_at_once_leave_one_whole()
    {
        var id = Guid.NewGuid();
        var contents = Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetBytes(1_500_000)).ToArray();

        var answers = await Task.WhenAll(contents.Select((bytes, n) => PutAsync(n % 2 == 0 ? _owner : _ownerAtB, id, bytes)));

        var winner = answers.ToList().FindIndex(answer => answer.StatusCode == HttpStatusCode.Created);
        answers.Where((_, n) => n != winner).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Conflict);
        (await _owner.GetByteArrayAsync($"/files/{id}", Cancellation)).ShouldBe(contents[winner]);
    }

    [Fact]
    public async Task The_same_id_of_another_owner_is_another_file()
    {
        var (id, mine, theirs) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(1000), RandomNumberGenerator.GetBytes(2000));
        using var stranger = web.A.Browser();
        await stranger.GetAsync("/me", Cancellation);
        await PutAsync(_owner, id, mine);

        await (await stranger.GetAsync($"/files/{id}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
        (await PutAsync(stranger, id, theirs)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await stranger.GetByteArrayAsync($"/files/{id}", Cancellation)).ShouldBe(theirs);
        (await _owner.GetByteArrayAsync($"/files/{id}", Cancellation)).ShouldBe(mine);
    }

    [Fact]
    public async Task Name_and_type_come_back_fit_to_be_shown()
    {
        (string? Name, string? Disposition, string Shown)[] cases =
        [
            ("Zahlen%202026.csv", null, "Zahlen 2026.csv"),
            ("..%2F..%2Fetc%2Fpasswd", null, "passwd"),
            ("C:%5Ctemp%5Ca.csv", null, "a.csv"),
            ("a%00b%0D%0Ac.csv", null, "abc.csv"),
            ("a%E2%80%AEvsc.exe", null, "avsc.exe"),
            (null, "attachment; filename=\"with \\\"quotes\\\".csv\"", "with \"quotes\".csv"),
            (null, "attachment; filename*=UTF-8''na%C3%AFve.csv", "naïve.csv"),
        ];
        foreach (var (name, disposition, shown) in cases)
        {
            var id = Guid.NewGuid();
            using var content = new ByteArrayContent([1, 2, 3]);
            content.Headers.TryAddWithoutValidation("Content-Type", "text/csv; charset=utf-8");
            if (disposition is not null)
                content.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
            using var created = await _owner.PutAsync($"/files/{id}{(name is null ? "" : $"?name={name}")}", content, Cancellation);
            (await created.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("name").GetString().ShouldBe(shown);

            using var read = await _owner.GetAsync($"/files/{id}", Cancellation);
            read.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
            read.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            read.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe(shown);
        }
    }

    [Fact]
    public async Task Refusals_are_problems()
    {
        using var nobody = web.A.Script();
        await (await PutAsync(nobody, Guid.NewGuid(), [1])).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        await (await _owner.PutAsync("/files/report.csv", new ByteArrayContent([1]), Cancellation)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-id");
        await (await _owner.GetAsync("/files/report.csv", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await _owner.DeleteAsync($"/files/{Guid.NewGuid()}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");

        using var zipped = new ByteArrayContent([1]) { Headers = { ContentEncoding = { "gzip" } } };
        await (await _owner.PutAsync($"/files/{Guid.NewGuid()}", zipped, Cancellation)).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        using var part = new ByteArrayContent([1]) { Headers = { ContentRange = new(0, 0, 10) } };
        await (await _owner.PutAsync($"/files/{Guid.NewGuid()}", part, Cancellation)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, Guid id, byte[] bytes, bool withLength = true) =>
        client.PutAsync($"/files/{id}", withLength ? new ByteArrayContent(bytes) : new Unmeasured(bytes), Cancellation);
}
