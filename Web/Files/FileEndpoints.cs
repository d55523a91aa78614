using System.Security.Claims;
using System.Text.Json.Serialization;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.OpenApi;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Files;

/// <param name="Sha256">In hexadecimal digits.</param>
internal sealed record FileDocument(
    Guid Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name, string MediaType, long Size, string Sha256, DateTimeOffset CreatedAt)
{
    public static FileDocument Of(StoredFile file) => new(file.Id, file.Name, file.MediaType, file.Size, Convert.ToHexStringLower(file.Sha256.Span), file.CreatedAt);
}

internal static class FileEndpoints
{
    public static IEndpointRouteBuilder MapFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/files").RequireAuthorization(FileCaller.Policy).WithTags("Files");
        files.MapPut("/{id}", PutAsync).OnlyAsIntended()
            .Describe("StoreFile", "Stores a file under an id that the client makes.", "The bytes as they are, of any media type. A broken upload leaves nothing.")
            .Parameter("name", "The file's name; or Content-Disposition tells it.")
            .ReadsBytes()
            .Answers(200, "The same bytes were there already.", Examples.File, "ETag")
            .Answers(201, "Stored.", Examples.File, "Location", "ETag")
            .Refuses("invalid-id", "invalid-request", "file-conflict", "file-incomplete", "too-large", "too-much-stored", "too-many-uploads", "overloaded", "unsupported-media-type");
        files.MapMethods("/{id}", [HttpMethods.Get], GetAsync)
            .Describe("GetFile", "A file's bytes, whole or a range of them.")
            .AnswersBytes();
        files.MapMethods("/{id}", [HttpMethods.Head], GetAsync)
            .Describe("GetFileHeaders", "The same without the bytes.")
            .AnswersBytes();
        return routes;
    }

    private static void AnswersBytes(this RouteHandlerBuilder endpoint) => endpoint
        .Header("Range", "RFC 9110, section 14: bytes=0-99.").Header("If-None-Match", "The ETag of an earlier answer.")
        .AnswersText(200, "The file.", "application/octet-stream", null, "ETag")
        .AnswersText(206, "The range.", "application/octet-stream", null, "ETag", "Content-Range")
        .Answers(304, "It has not changed; it never does.", "ETag")
        .Refuses("not-found", "precondition-failed", "range-not-satisfiable");

    private static async Task<Results<Created<FileDocument>, Ok<FileDocument>, ProblemHttpResult>> PutAsync(
        string id, HttpContext context, ClaimsPrincipal user, IFileStore files, UploadSlots slots, IOptions<FilesOptions> options, IOptions<RetentionOptions> retention)
    {
        var request = context.Request;
        if (!Guid.TryParseExact(id, "D", out var fileId))
            return Problems.Result("invalid-id");
        if (request.Headers.ContentRange.Count > 0)
            return Problems.Result("invalid-request", "A file is sent whole; Content-Range is not supported (RFC 9110, section 14.5).");
        if (request.Headers.ContentEncoding.Count > 0)
            return Problems.Result("unsupported-media-type", "A file is sent as it is, without a content coding.");
        if (request.ContentLength > options.Value.MaxBytes)
            return TooLarge(options.Value);
        // The store counts the bytes; the server would count the framing of chunks too.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;

        var access = FileCaller.Of(user);
        var draft = new FileDraft(access.Owner, fileId, FileHeaders.NameOf(request), FileHeaders.MediaTypeOf(request), request.ContentLength);
        if (access.Capability is { } capability)
        {
            // The request ends a day before the capability at the latest, and is kept for that long afterwards.
            draft = draft with { RequestId = capability.RequestId, KeptUntil = capability.Until + retention.Value.Period };
        }

        if (access.Capability is null && slots.Take(access.Owner) is { } full)
            return Problems.Result(full);
        Written written;
        try
        {
            written = await files.WriteAsync(draft, request.Body, context.RequestAborted);
        }
        finally
        {
            if (access.Capability is null)
                slots.Free(access.Owner);
        }

        if (written is { Status: WriteStatus.Created or WriteStatus.Same, File: { } file })
            context.Response.Headers.ETag = FileDownload.TagOf(file).ToString();
        return written switch
        {
            { Status: WriteStatus.Created, File: { } made } => TypedResults.Created(FeedbackEndpoint.UrlOf(context, $"/files/{fileId}"), FileDocument.Of(made)),
            { Status: WriteStatus.Same, File: { } same } => TypedResults.Ok(FileDocument.Of(same)),
            { Status: WriteStatus.Different } => Problems.Result("file-conflict"),
            { Status: WriteStatus.TooLarge } => TooLarge(options.Value),
            { Status: WriteStatus.TooMuchStored } => Problems.Result("too-much-stored", $"All files of an owner have {options.Value.MaxBytesPerOwner} bytes at most."),
            _ => Problems.Result("file-incomplete"),
        };
    }

    private static async Task<Results<FileDownload, ProblemHttpResult>> GetAsync(string id, HttpContext context, ClaimsPrincipal user, IFileStore files)
    {
        var access = FileCaller.Of(user);
        if (!Guid.TryParseExact(id, "D", out var fileId) || await files.FindAsync(access.Owner, fileId, context.RequestAborted) is not { } file || !access.CanRead(file))
            return Problems.Result("not-found");
        return new FileDownload(file, files.OpenRead(file));
    }

    private static ProblemHttpResult TooLarge(FilesOptions options) => Problems.Result("too-large", $"A file has {options.MaxBytes} bytes at most.");
}
