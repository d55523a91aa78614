using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

public sealed class FileRangeTests(TwoReplicas web) : IClassFixture<TwoReplicas>, IAsyncLifetime
{
    private const int Size = 1_000_000;
    private readonly HttpClient _owner = web.A.Browser();
    private readonly string _path = $"/files/{Guid.NewGuid()}";
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(Size);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _owner.GetAsync("/me", Cancellation);
        (await _owner.PutAsync(_path, new ByteArrayContent(_bytes), Cancellation)).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        _owner.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, Size - 1)]
    [InlineData(262_143, 262_144)]
    [InlineData(262_144, 524_287)]
    [InlineData(100, 900_000)]
    [InlineData(Size - 1, Size - 1)]
    public async Task A_range_is_a_206_with_exactly_these_bytes(int from, int to)
    {
        using var part = await GetAsync(new(from, to));

        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes {from}-{to}/{Size}");
        (await part.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(_bytes[from..(to + 1)]);
    }

    [Fact]
    public async Task A_broken_download_is_resumed_from_where_it_broke_off()
    {
        using var rest = await GetAsync(new(700_001, null));
        (await rest.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(_bytes[700_001..]);
        using var tail = await GetAsync(new(null, 5));
        (await tail.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(_bytes[^5..]);
    }

    [Fact]
    public async Task A_range_behind_the_end_is_a_416_that_tells_the_size()
    {
        using var refused = await GetAsync(new(Size, null));

        await refused.ShouldBeProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "range-not-satisfiable");
        refused.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes */{Size}");
    }

    [Fact]
    public async Task Head_tells_all_but_the_bytes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, _path);
        using var head = await _owner.SendAsync(request, Cancellation);

        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.ShouldBe(Size);
        head.Headers.AcceptRanges.ShouldBe(["bytes"]);
        head.Headers.ETag!.Tag.ShouldBe($"\"{Convert.ToHexStringLower(SHA256.HashData(_bytes))}\"");
        head.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
        head.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        head.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
    }

    [Fact]
    public async Task Who_has_the_bytes_gets_a_304_and_a_range_of_other_bytes_is_not_mixed_in()
    {
        using var whole = await _owner.GetAsync(_path, Cancellation);
        using var conditional = new HttpRequestMessage(HttpMethod.Get, _path) { Headers = { IfNoneMatch = { whole.Headers.ETag! } } };
        (await _owner.SendAsync(conditional, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        using var stale = new HttpRequestMessage(HttpMethod.Get, _path) { Headers = { IfRange = new("\"other\""), Range = new(10, 20) } };
        using var answer = await _owner.SendAsync(stale, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentLength.ShouldBe(Size);
    }

    private Task<HttpResponseMessage> GetAsync(RangeHeaderValue range) =>
        _owner.SendAsync(new(HttpMethod.Get, _path) { Headers = { Range = range } }, Cancellation);
}
