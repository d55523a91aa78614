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
