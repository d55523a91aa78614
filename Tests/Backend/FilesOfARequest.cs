using System.Net;
using System.Net.Http.Headers;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class FilesOfARequest : HttpMessageHandler, IHttpClientFactory
{
    private const string Access = "http://web.test:5100/ the-capability";
    private static readonly FileRef _file = new(Guid.Parse("0190a1b2-0000-7000-8000-000000000001"));
    private readonly byte[] _content = new byte[100_000];
    private readonly List<HttpRequestMessage> _requests = [];
    private readonly ManualTime _time = new();
    private readonly RequestFiles _files;
    private Func<int, int> _breakAfter = _ => int.MaxValue;
    private HttpStatusCode? _refusal;

    public FilesOfARequest()
    {
        new Random(1).NextBytes(_content);
        _files = new(this, _time);
    }

    [Fact]
    public async Task Are_read_with_the_capability_of_the_message()
    {
        await using var file = await _files.OpenAsync(Access, _file, TestContext.Current.CancellationToken);
        (await ReadAsync(file)).ShouldBe(_content);

        (file.Length, file.ContentType).ShouldBe((100_000, "text/csv"));
        var request = _requests.ShouldHaveSingleItem();
        request.RequestUri.ShouldBe(new Uri($"http://web.test:5100/files/{_file}"));
        request.Headers.Authorization.ShouldBe(new("Bearer", "the-capability"));
    }

    [Fact]
    public async Task Are_read_on_where_the_connection_broke()
    {
        _breakAfter = request => request < 5 ? 10_000 : int.MaxValue;
        await using var file = await _files.OpenAsync(Access, _file, TestContext.Current.CancellationToken);
        (await ReadAsync(file)).ShouldBe(_content);

        _requests.Select(x => x.Headers.Range?.ToString()).ShouldBe([null, "bytes=10000-", "bytes=20000-", "bytes=30000-", "bytes=40000-"]);
    }

    [Fact]
    public async Task Are_given_up_when_the_connection_breaks_again_and_again()
    {
        _breakAfter = _ => 0;
        await using var file = await _files.OpenAsync(Access, _file, TestContext.Current.CancellationToken);

        await ReadAsync(file).ShouldThrowAsync<IOException>();
        _requests.Count.ShouldBe(8);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Gone)]
    public async Task Are_a_problem_for_good_when_they_are_gone(HttpStatusCode status)
    {
        _refusal = status;
        var problem = await _files.OpenAsync(Access, _file, TestContext.Current.CancellationToken).ShouldThrowAsync<ProblemException>();

        (problem.Problem.Type, problem.Permanent).ShouldBe(("/problems/file-gone", true));
    }

    [Fact]
    public async Task Are_created_under_a_new_id()
    {
        var file = await _files.CreateAsync(Access, new MemoryStream(_content), "image/png", TestContext.Current.CancellationToken);

        var request = _requests.ShouldHaveSingleItem();
        (request.Method, request.RequestUri).ShouldBe((HttpMethod.Put, new Uri($"http://web.test:5100/files/{file}")));
        request.Headers.Authorization!.Parameter.ShouldBe("the-capability");
    }

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Add(request);
        var response = new HttpResponseMessage(_refusal ?? HttpStatusCode.OK);
        if (request.Method == HttpMethod.Get && _refusal is null)
        {
            var from = (int)(request.Headers.Range?.Ranges.Single().From ?? 0);
            response.StatusCode = from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK;
            response.Content = new StreamContent(new BreakingStream(_content[from..], _breakAfter(_requests.Count)));
            response.Content.Headers.ContentLength = _content.Length - from;
            response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/csv");
        }
        return Task.FromResult(response);
    }

    private async Task<byte[]> ReadAsync(RequestFile file)
    {
        using var copy = new MemoryStream();
        var reading = file.Content.CopyToAsync(copy, TestContext.Current.CancellationToken);
        for (var i = 0; i < 10_000 && !reading.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        await reading.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        return copy.ToArray();
    }

    private sealed class BreakingStream(byte[] content, int breakAfter) : MemoryStream(content, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var room = (int)Math.Min(buffer.Length, breakAfter - Position);
            return room > 0 || Position == Length
                ? base.ReadAsync(buffer[..room], cancellationToken)
                : throw new IOException("The connection broke.");
        }
    }
}
