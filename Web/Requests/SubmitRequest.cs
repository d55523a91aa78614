using System.Diagnostics;
using System.Globalization;
using System.Net;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Feedback;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Web.Requests;

/// <summary>
/// <c>PUT /requests/{id}</c>: accepts work under an id that the client made. Idempotent by the id: the same request again is answered with where
/// it stands, and runs once. 202 is answered after the commit, never before.
/// </summary>
internal sealed class SubmitRequest(
    SubmitBatches batches, IRequestLog log, KindCatalog kinds, LiveFeed feed, IFileStore files, DatabaseClock clock, Admittance admittance,
    IOptions<AdmissionOptions> options)
{
    /// <summary>They stand in every document and every push of the request.</summary>
    private const int MostNames = 10;
    private const string DoesNotFit = "The payload does not fit the kind.";

    public async Task<IResult> HandleAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        var owner = Owner.Required(context.User);
        if (!RequestId.TryParse(id, out var requestId))
            return Problems.Result("invalid-id", "The id of a request is a UUID that the client makes, for example a UUID of version 7.");
        // By which a trace is found from its request, and a request from its trace.
        Activity.Current?.SetTag("feedback.request.id", requestId.ToString());
        if (Prefer.Wait(context.Request) is not { } wait)
            return Problems.Result("invalid-query", "Prefer: wait takes whole seconds, for example wait=10.");
        var (body, problem) = await SubmitBody.ReadAsync(context.Request, cancellationToken);
        if (body is null)
            return problem!;

        var findings = kinds.FindPublic(body.Kind) is { } kind ? PayloadCheck.Check(kind, body.Payload) : null;
        var submission = new Submission(
            requestId, owner, body.Kind, body.Payload, Fingerprint.Of(body.Kind, body.Payload, body.Deadline), body.Deadline,
            findings?.Files is { Count: > 0 } named ? named : null, Activity.Current?.Id, Activity.Current?.TraceStateString);

        if (await RefuseAsync(submission, findings, cancellationToken) is { } refusal)
            return await ReplayAsync(context, submission, wait, cancellationToken) ?? refusal;
        var (submitted, notAdmitted) = await SubmitAsync(submission, CallerAddress.Of(context.Connection.RemoteIpAddress));
        return submitted is not null
            ? await AnswerAsync(context, submitted, wait, cancellationToken)
            : await ReplayAsync(context, submission, wait, cancellationToken) ?? Refuse(context, notAdmitted!);
    }

    private async Task<(SubmitResult?, NotAdmitted?)> SubmitAsync(Submission submission, IPAddress address)
    {
        if (admittance.Begin(submission.Owner, address) is { } refusal)
            return (null, refusal);
        var accepted = false;
        try
        {
            // Only now: what is refused must not make files stay.
            if (submission.Files is { } named)
            {
                var kept = await files.KeepAsync(submission.Owner, named, submission.Id, CancellationToken.None);
                if (kept.Missing.Count > 0)
                    return (null, new("invalid-payload", DoesNotFit, Errors: Missing(kept.Missing)));
                submission = submission with { FileNames = kept.Names.Count > 0 ? [.. kept.Names.Take(MostNames)] : null };
            }

            if (!batches.TryAdd(submission, out var submitted))
                return (null, new("overloaded", "More is waiting to be stored than can be stored soon."));
            var result = await submitted;
            accepted = result.Status is SubmitStatus.Accepted;
            return (result, null);
        }
        finally
        {
            admittance.Settle(submission.Owner, address, accepted);
        }
    }

    /// <summary>A replay is answered as what it is, also where the same request would be refused today.</summary>
    private async Task<IResult?> ReplayAsync(HttpContext context, Submission submission, TimeSpan wait, CancellationToken cancellationToken) =>
        await log.FindSubmittedAsync(submission, cancellationToken) is { } earlier ? await AnswerAsync(context, earlier, wait, cancellationToken) : null;

    private static ProblemHttpResult Refuse(HttpContext context, NotAdmitted refusal)
    {
        if (refusal.RetryAfter is { } after)
            context.Response.Headers.RetryAfter = Math.Clamp((int)Math.Ceiling(after.TotalSeconds), 1, 60).ToString(CultureInfo.InvariantCulture);
        return Problems.Result(refusal.Problem, refusal.Detail, refusal.Errors);
    }

    private async Task<IResult?> RefuseAsync(Submission submission, PayloadFindings? findings, CancellationToken cancellationToken)
    {
        if (findings is null)
            return Problems.Result("unknown-kind", $"There is no kind '{submission.Kind}'. There are: {string.Join(", ", kinds.PublicNames)}.", extensions: [new("kinds", kinds.PublicNames)]);
        var errors = findings.Errors;
        if (errors is null && submission.Deadline <= clock.Now)
            errors = new Dictionary<string, string[]> { ["deadline"] = ["It has passed already."] };
        if (errors is null && submission.Deadline > clock.Now + options.Value.LongestDeadline)
            errors = new Dictionary<string, string[]> { ["deadline"] = [$"It may lie {Words(options.Value.LongestDeadline)} ahead at most."] };
        if (errors is null && submission.Files is { Count: > FileCapabilities.MaxFiles })
            errors = new Dictionary<string, string[]> { ["payload"] = [$"It names more than {FileCapabilities.MaxFiles} files."] };
        if (errors is null && submission.Files is { } named && await files.FindMissingAsync(submission.Owner, named, cancellationToken) is { Count: > 0 } missing)
            errors = Missing(missing);
        return errors is null ? null : Problems.Result("invalid-payload", DoesNotFit, errors);
    }

    private static Dictionary<string, string[]> Missing(IEnumerable<Guid> files) =>
        new() { ["payload"] = [.. files.Select(file => $"There is no file {file} of yours.")] };

    private static string Words(TimeSpan time) => time.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalDays)} days")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.##} hours");

    private async Task<IResult> AnswerAsync(HttpContext context, SubmitResult submitted, TimeSpan wait, CancellationToken cancellationToken)
    {
        switch (submitted.Status)
        {
            case SubmitStatus.IdReused:
                return Problems.Result("id-reused", "The id belongs to another request. Make a new id for new work.");
            case SubmitStatus.Gone:
                return Problems.Result("gone", "This request was accepted, has ended, and is past the time for which it is kept.");
            case SubmitStatus.Refused:
                return Problems.Result("invalid-payload", "The payload cannot be stored.", [new("payload", ["It cannot be stored."])]);
        }

        var state = submitted.State!;
        if (submitted.Status is SubmitStatus.Replayed)
            context.Response.Headers["Idempotent-Replayed"] = "true";
        if (wait > TimeSpan.Zero)
        {
            Prefer.Applied(context.Response, wait);
            state = await WaitAsync(state, wait, cancellationToken);
        }

        context.Response.Headers.Location = FeedbackEndpoint.UrlOf(context, $"/requests/{state.Id}");
        RequestHeaders.Write(context.Response, state);
        return TypedResults.Json(StatusDocument.Of(state, kinds), FeedbackJson.Options, statusCode: state.Done ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
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
