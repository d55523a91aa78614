using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Requests;

internal sealed record RetryBody(int? Version = null);

internal sealed record InputBody(JsonElement Answer, string? Key = null);

/// <param name="By">As it stands in the event.</param>
/// <param name="Requests">Where requests are for them.</param>
internal sealed record Changer(string By, string Requests);

/// <summary>What somebody does to a request that exists: cancel, retry, answer. The same act again is answered as the first time.</summary>
internal sealed class ChangeRequest(LogReader reader, LogAppender appender, KindCatalog kinds)
{
    private const int MaxBytes = 256 * 1024;

    public async Task<IResult> CancelAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        return await OwnedRequest.FindAsync(reader, context.User, id, cancellationToken) is { } request
            ? await CancelAsync(context, request.Id, OwnerOf(context), cancellationToken)
            : Problems.Result("not-found");
    }

    /// <summary>For a changer who may.</summary>
    public async Task<IResult> CancelAsync(HttpContext context, Guid id, Changer changer, CancellationToken cancellationToken)
    {
        var result = await appender.AppendAsync(id, new CancelRequest(changer.By), cancellationToken);
        // At once or only asked for: a cancel that had ended the request before is a 200, this one a 202.
        var alreadyCanceled = result.State?.Status is RequestStatus.Canceled && result.Decision.Events.Count == 0;
        return Answer(context, changer, result, alreadyCanceled ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    public async Task<IResult> RetryAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        return await OwnedRequest.FindAsync(reader, context.User, id, cancellationToken) is { } request
            ? await RetryAsync(context, request.Id, OwnerOf(context), cancellationToken)
            : Problems.Result("not-found");
    }

    /// <summary>For a changer who may.</summary>
    public async Task<IResult> RetryAsync(HttpContext context, Guid id, Changer changer, CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadAsync(context.Request, () => new RetryBody(), cancellationToken);
        return body is null
            ? problem!
            : Answer(context, changer, await appender.AppendAsync(id, new RetryRequest(changer.By, body.Version), cancellationToken));
    }

    public async Task<IResult> AnswerAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (await OwnedRequest.FindAsync(reader, context.User, id, cancellationToken) is not { } request)
            return Problems.Result("not-found");
        var (body, problem) = await ReadAsync<InputBody>(context.Request, null, cancellationToken);
        if (body is null)
            return problem!;
        var changer = OwnerOf(context);
        if (body.Answer.ValueKind is JsonValueKind.Undefined)
            return Problems.Result("invalid-answer", "The answer is missing.");
        var key = body.Key;
        if (request.Input is { } asked && (key is null || key == asked.Key))
        {
            key = asked.Key; // what was checked against this question answers no other
            if (asked.Schema is { } schema && await AnswerCheck.FindErrorsAsync(schema, body.Answer, cancellationToken) is { Count: > 0 } errors)
                return Problems.Result("invalid-answer", "The answer does not fit the question.", errors);
        }

        return Answer(context, changer, await appender.AppendAsync(request.Id, new ProvideInput(key, body.Answer, changer.By), cancellationToken));
    }

    private static Changer OwnerOf(HttpContext context) => new($"owner:{Owner.Required(context.User)}", "/requests");

    private static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest request, Func<T>? empty, CancellationToken cancellationToken)
        where T : class
    {
        if (await RequestBody.ReadAsync(request, MaxBytes, cancellationToken) is not { } bytes)
            return (null, Problems.Result("too-large"));
        if (bytes.IsEmpty && empty is not null)
            return (empty(), null);
        if (!request.HasJsonContentType())
            return (null, Problems.Result("unsupported-media-type", "Send the body as application/json."));
        if (!JsonGuard.IsSound(bytes.Span, out var reason))
            return (null, Problems.Result("invalid-json", reason));
        try
        {
            return JsonSerializer.Deserialize<T>(bytes.Span, FeedbackJson.Strict) is { } body
                ? (body, null)
                : (null, Problems.Result("invalid-json", "The body is null."));
        }
        catch (JsonException)
        {
            return (null, Problems.Result("invalid-json", "The body is not of the expected form."));
        }
    }

    private IResult Answer(HttpContext context, Changer changer, AppendResult result, int status = StatusCodes.Status202Accepted)
    {
        if (result.State is not { } state)
            return Problems.Result("not-found");
        switch (result.Decision.Refusal)
        {
            case Refusal.AlreadyEnded:
                return Problems.Result("already-ended", $"The request has ended: {state.Status}.");
            case Refusal.NotHeld:
                return Problems.Result("not-held", $"Only a held request can be retried; this one is {state.Status}.");
            case Refusal.NotAsked:
                return Problems.Result("not-asked", "The request does not wait for this answer.");
            case Refusal.VersionMoved:
                return Problems.Result("version-moved", $"The request has moved on to version {state.Version}.");
        }

        context.Response.Headers.Location = FeedbackEndpoint.UrlOf(context, $"{changer.Requests}/{state.Id}");
        RequestHeaders.Write(context.Response, state);
        return TypedResults.Json(StatusDocument.Of(state, kinds), FeedbackJson.Options, statusCode: status);
    }
}
