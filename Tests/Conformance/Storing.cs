using System.Net;
using System.Text;
using AspireFeedback.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Conformance;

/// <summary>Files.</summary>
public sealed class Storing(RunningSystem system) : ContractTest(system)
{
    [Fact]
    public async Task A_file_is_201_the_same_again_200_and_another_409()
    {
        var id = Guid.CreateVersion7();
        (await UploadAsync(id, "a,b\n1,2\n")).Status.ShouldBe(HttpStatusCode.Created);
        (await UploadAsync(id, "a,b\n1,2\n")).Status.ShouldBe(HttpStatusCode.OK);
        ShouldBeProblem(await UploadAsync(id, "a,b\n1,3\n"), HttpStatusCode.Conflict, "file-conflict");
        (await GetAsync($"/files/{id}")).Text.ShouldBe("a,b\n1,2\n");
    }

    [Fact]
    public async Task A_part_of_a_file_is_206()
    {
        var id = Guid.CreateVersion7();
        await UploadAsync(id, "0123456789");

        var part = await GetAsync($"/files/{id}", ("Range", "bytes=2-4"));
        var end = await GetAsync($"/files/{id}", ("Range", "bytes=-3"));
        var beyond = await GetAsync($"/files/{id}", ("Range", "bytes=20-"));

        (part.Status, part.Text).ShouldBe((HttpStatusCode.PartialContent, "234"));
        (end.Status, end.Text).ShouldBe((HttpStatusCode.PartialContent, "789"));
        beyond.Status.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task A_file_is_described_and_known_by_its_tag()
    {
        var id = Guid.CreateVersion7();
        var stored = await UploadAsync(id, "0123456789");
        stored.Headers.Location!.ToString().ShouldBe($"/files/{id}");
        stored.Json.GetProperty("size").GetInt64().ShouldBe(10);
        stored.Json.GetProperty("sha256").GetString().ShouldBe("84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882");
        var read = await GetAsync($"/files/{id}");
        read.ETag.ShouldBe(stored.ETag);
        (await GetAsync($"/files/{id}", ("If-None-Match", stored.ETag!.ToString()))).Status.ShouldBe(HttpStatusCode.NotModified);
        (await GetAsync($"/files/{id}", ("If-Range", "\"other\""), ("Range", "bytes=0-1"))).Text.ShouldBe("0123456789");
        (await SendAsync(HttpMethod.Head, $"/files/{id}", null)).Text.ShouldBeEmpty();
        // Whatever it says that it is, a browser neither guesses nor runs it.
        read.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        read.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
    }

    [Fact]
    public async Task A_file_has_the_name_that_came_with_it_and_a_request_that_names_the_file_tells_it()
    {
        var (id, request) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var content = new StringContent("a,b\n1,2\n");
        content.Headers.TryAddWithoutValidation("Content-Disposition", "attachment; filename*=UTF-8''C%3A%5CUms%C3%A4tze%20%E2%80%AE.csv");
        var stored = await SendAsync(HttpMethod.Put, $"/files/{id}", content);
        stored.Status.ShouldBe(HttpStatusCode.Created, stored.Text);
        stored.Json.GetProperty("name").GetString().ShouldBe("Umsätze .csv");
        var submitted = await Me.SubmitAsync(request, "csv-profile", new { file = id }, Cancellation);
        submitted.Json.GetProperty("fileNames")[0].GetString().ShouldBe("Umsätze .csv");
    }

    [Fact]
    public async Task A_file_that_says_to_be_too_large_is_413_before_a_byte_of_it_is_sent()
    {
        var content = new Huge();
        var request = new HttpRequestMessage(HttpMethod.Put, $"/files/{Guid.CreateVersion7()}") { Content = content };
        request.Headers.ExpectContinue = true;
        ShouldBeProblem(await Me.SendAsync(request, Cancellation), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task A_file_under_an_id_that_is_no_uuid_is_400_and_unknown_ones_are_404()
    {
        ShouldBeProblem(await SendAsync(HttpMethod.Put, "/files/17", new StringContent("x")), HttpStatusCode.BadRequest, "invalid-id");
        ShouldBeProblem(await GetAsync($"/files/{Guid.CreateVersion7()}"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_file_is_its_owners_alone()
    {
        var other = await SomebodyAsync();
        var file = await other.UploadAsync("a\n1\n", Cancellation);

        ShouldBeProblem(await GetAsync($"/files/{file}"), HttpStatusCode.NotFound, "not-found");
        ShouldBeProblem(await Me.SubmitAsync(Guid.CreateVersion7(), "csv-profile", new { file }, Cancellation), HttpStatusCode.BadRequest, "invalid-payload");
        (await UploadAsync(file, "mine")).Status.ShouldBe(HttpStatusCode.Created, "the same id of two owners is two files");
        (await other.GetAsync($"/files/{file}", Cancellation)).Text.ShouldBe("a\n1\n");
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        var id = Guid.CreateVersion7();
        await Should.ThrowAsync<HttpRequestException>(Me.SendAsync(HttpMethod.Put, $"/files/{id}", new BrokenContent(), Cancellation));
        ShouldBeProblem(await GetAsync($"/files/{id}"), HttpStatusCode.NotFound, "not-found");
        (await UploadAsync(id, "whole")).Status.ShouldBe(HttpStatusCode.Created);
    }

    private Task<Answer> UploadAsync(Guid id, string text) => Me.SendAsync(HttpMethod.Put, $"/files/{id}", new ByteArrayContent(Encoding.UTF8.GetBytes(text)), Cancellation);

    private sealed class Huge : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new byte[1_000]).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 600_000_000_000_000;
            return true;
        }
    }

    private sealed class BrokenContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[100_000]);
            throw new IOException("The line is cut.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1_000_000;
            return true;
        }
    }
}
