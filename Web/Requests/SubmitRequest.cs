using System.Diagnostics;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using AspireFeedback.Web.Outbox;

namespace AspireFeedback.Web.Requests;

/// <summary>
/// <c>PUT /requests/{id}</c>: accepts work under an id that the client made. Idempotent by the id: the same request again is answered with where
/// it stands, and runs once. 202 is answered after the commit, never before.
/// </summary>
internal sealed class SubmitRequest(SubmitBatches batches, IRequestLog log, LiveFeed feed, IFileStore files, DatabaseClock clock)
{
    public async Task<IResult> HandleAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        var owner = Owner.Required(context.User);
        if (!RequestId.TryParse(id, out var requestId))
            return Problems.Result("invalid-id", "The id of a request is a UUID that the client makes, for example a UUID of version 7.");
        if (Prefer.Wait(context.Request) is not { } wait)
            return Problems.Result("invalid-query", "Prefer: wait takes whole seconds, for example wait=10.");
        var (body, problem) = await SubmitBody.ReadAsync(context.Request, cancellationToken);
        if (body is null)
            return problem!;

        var findings = KindCatalog.FindPublic(body.Kind) is { } kind ? PayloadCheck.Check(kind, body.Payload) : null;
        var submission = new Submission(
            requestId, owner, body.Kind, body.Payload, Fingerprint.Of(body.Kind, body.Payload, body.Deadline), body.Deadline,
            findings?.Files is { Count: > 0 } named ? named : null, Activity.Current?.Id, Activity.Current?.TraceStateString);

        // A replay is answered as what it is, also where the same request would be refused today.
        if (await RefuseAsync(submission, findings, cancellationToken) is { } refusal)
            return await log.FindSubmittedAsync(submission, cancellationToken) is { } earlier ? await AnswerAsync(context, earlier, wait, cancellationToken) : refusal;
        if (!batches.TryAdd(submission, out var submitted))
            return Problems.Result("overloaded", "More is waiting to be stored than can be stored soon.");
        return await AnswerAsync(context, await submitted, wait, cancellationToken);
    }

    private async Task<IResult?> RefuseAsync(Submission submission, PayloadFindings? findings, CancellationToken cancellationToken)
    {
        if (findings is null)
            return Problems.Result("unknown-kind", $"There is no kind '{submission.Kind}'. There are: {string.Join(", ", KindCatalog.PublicNames)}.");
        var errors = findings.Errors;
        if (errors is null && submission.Deadline <= clock.Now)
            errors = new Dictionary<string, string[]> { ["deadline"] = ["It has passed already."] };
        if (errors is null && submission.Files is { Count: > FileCapabilities.MaxFiles })
            errors = new Dictionary<string, string[]> { ["payload"] = [$"It names more than {FileCapabilities.MaxFiles} files."] };
        if (errors is null && submission.Files is { } named)
        {
            var until = (submission.Deadline ?? clock.Now + SubmitStatement.DefaultDeadline) + FileCapabilities.AfterDeadline;
            var unknown = await files.KeepAsync(submission.Owner, named, until, cancellationToken);
            if (unknown.Count > 0)
                errors = new Dictionary<string, string[]> { ["payload"] = [.. unknown.Select(file => $"There is no file {file} of yours.")] };
        }

        return errors is null ? null : Problems.Result("invalid-payload", "The payload does not fit the kind.", errors);
    }

    private async Task<IResult> AnswerAsync(HttpContext context, SubmitResult submitted, TimeSpan wait, CancellationToken cancellationToken)
    {
        switch (submitted.Status)
        {
            case SubmitStatus.IdReused:
                return Problems.Result("id-reused", "The id belongs to another request. Make a new id for new work.");
            case SubmitStatus.Gone:
                return Problems.Result("gone", "This request was accepted, has ended, and is past the time for which it is kept.");
            case SubmitStatus.Refused:
                return Problems.Result("invalid-payload", "The payload cannot be stored.");
        }

        var state = submitted.State!;
        if (submitted.Status is SubmitStatus.Replayed)
            context.Response.Headers["Idempotent-Replayed"] = "true";
        if (wait > TimeSpan.Zero)
        {
            Prefer.Applied(context.Response, wait);
            state = await WaitAsync(state, wait, cancellationToken);
        }

        context.Response.Headers.Location = $"/requests/{state.Id}";
        RequestHeaders.Write(context.Response, state);
        return TypedResults.Json(StatusDocument.Of(state), FeedbackJson.Options, statusCode: state.Done ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    private async Task<RequestState> WaitAsync(RequestState state, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (state.Done)
            return state;
        await feed.WaitAsync(state.Owner, state.Id, state.Version, untilDone: true, wait, cancellationToken);
        var snapshots = await log.LoadAsync([state.Id], cancellationToken);
        return snapshots.ById.GetValueOrDefault(state.Id, state);
    }
}

/// <summary>Groups concurrent submits into statements, and afterwards tells the outbox and whoever waits.</summary>
internal sealed partial class SubmitBatches(IRequestLog log, OutboxPublisher outbox, LiveFeed feed, ILogger<SubmitBatches> logger) : IAsyncDisposable
{
    private readonly Batches<Submission, SubmitResult> _batches = new(lanes: 2, maxBatch: 256, maxWaiting: 10_000, async (batch, cancellationToken) =>
    {
        var results = await log.SubmitAsync(batch, cancellationToken);
        foreach (var result in results)
        {
            if (result.Outgoing is not { } outgoing)
                continue;
            LogAccepted(logger, outgoing.RequestId, outgoing.Kind);
            outbox.Send(outgoing);
        }

        await feed.AnnounceAsync([.. results.Where(result => result.Announcement is not null).Select(result => new Announcement(result.State!, [result.Announcement!]))], cancellationToken);
        return results;
    });

    public bool TryAdd(Submission submission, out Task<SubmitResult> result) => _batches.TryAdd(submission, out result);

    public ValueTask DisposeAsync() => _batches.DisposeAsync();

    [LoggerMessage(1501, LogLevel.Debug, "Accepted request {RequestId} of kind {Kind}")]
    private static partial void LogAccepted(ILogger logger, Guid requestId, string kind);
}
