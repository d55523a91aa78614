using System.Collections.Frozen;

namespace AspireFeedback.Web;

/// <summary>One way in which a call, or a request's work, can go wrong; a page at <c>/problems/{name}</c> explains it.</summary>
/// <param name="Status">Of the HTTP answer; null for what only stands in a request's document.</param>
/// <param name="Description">For people: what happened, and what they can do.</param>
/// <param name="RetryAfter">Seconds after which the same call may work.</param>
internal sealed record ProblemType(string Name, int? Status, string Title, string Description, int? RetryAfter = null)
{
    public string Uri => $"/problems/{Name}";
}

/// <summary>Every problem of this system; kinds add theirs (<see cref="Contracts.Kind.Problems"/>). A name, once published, keeps its meaning.</summary>
internal static class ProblemCatalog
{
    private static readonly ProblemType[] Types =
    [
        new("invalid-request", 400, "The call is not well-formed.", "A header, a parameter or the body is not what this address expects. The detail says which."),
        new("invalid-json", 400, "The body is not valid JSON.", "The body must be one JSON document in UTF-8, nested 64 levels deep at most, without repeated members, U+0000 or halves of surrogate pairs."),
        new("invalid-id", 400, "The id is not a UUID.", "Ids are made by the client as UUIDs, for example 01981b5e-7f3a-7c41-b8f0-2f6f0a3f9d11. For POST, the id stands in the header Idempotency-Key."),
        new("invalid-query", 400, "A query parameter is not valid.", "A filter, a limit or a cursor could not be read. Cursors are taken from the answer before, unchanged."),
        new("unknown-kind", 400, "There is no such kind of work.", "The member \"kind\" must be one of the kinds that this installation offers; the answer lists them."),
        new("invalid-payload", 400, "The payload does not fit the kind.", "Each entry of \"errors\" names a field and says what is wrong with it. Nothing was accepted."),
        new("invalid-answer", 400, "The answer does not fit the question.", "The answer must fit the schema of the question, which stands in the request's document under \"input\"."),
        new("unauthorized", 401, "Nobody is signed in.", "The call carries no identity, or one that cannot be read any more. GET /me gives a browser a guest identity; scripts send a bearer token."),
        new("wrong-credentials", 401, "The user name or the password is wrong.", "One of them, or both; the answer is the same. After several attempts there is a pause."),
        new("session-required", 403, "A token is not enough for this.", "Only a browser with its cookie may sign in or out, or let another device in. A token that is stolen must not outlive its revocation."),
        new("forbidden-origin", 403, "The call comes from a page of another site.", "A browser may change things, or connect for live updates, only from this application's own pages."),
        new("not-found", 404, "There is nothing here for you.", "It does not exist, or it belongs to somebody else; the answer is the same for both."),
        new("unknown-code", 404, "No such code is open.", "It was mistyped, has been used, or is older than five minutes. Make a new one on the device that is signed in."),
        new("method-not-allowed", 405, "This address does not know that method.", "The header Allow lists the methods that it knows."),
        new("request-timeout", 408, "The call took too long to arrive.", "The body came too slowly, or not at all. Sending the same call again is safe."),
        new("id-reused", 422, "The id belongs to another request.", "An id stands for one request for ever, with its kind, payload and deadline. Send a different request under a new id."),
        new("gone", 410, "The request is past its retention.", "It was accepted once and has ended; its result is no longer kept, and it will not run again."),
        new("name-taken", 409, "The user name is taken.", "Names are compared without regard to upper and lower case. Choose another one, or sign in if it is yours."),
        new("already-signed-in", 409, "Somebody is signed in already.", "This browser belongs to a user. Sign out before making another one."),
        new("already-ended", 409, "The request has already ended.", "It has succeeded or failed, so that there is nothing left to cancel or to change."),
        new("not-held", 409, "The request is not held.", "Only a request that waits for a person after its last attempt failed can be tried again."),
        new("not-asked", 409, "No such question is open.", "The request does not wait for this answer: it was not asked, was answered already, or has moved on."),
        new("version-moved", 409, "The request has moved on.", "It is no longer at the version that the call names. Read it and decide again."),
        new("file-conflict", 409, "Another file has this id.", "A file's bytes never change. Upload other bytes under a new id."),
        new("file-incomplete", 409, "The upload was given up.", "It paused for so long that what had arrived was removed. Send the whole file again."),
        new("precondition-failed", 412, "A condition of the call does not hold.", "The call was made on the condition (If-Match, If-Unmodified-Since) that this is a certain version of the file; it is another one."),
        new("other-owner", 412, "The caller is somebody else by now.", "The call was to be made as one owner alone (Feedback-Owner), and its cookie or token is another one's, who has signed in since, for example. Nothing was kept."),
        new("too-large", 413, "The body is too large.", "A request's body and an uploaded file have a limit each; the detail says it where it is known. Large data belongs into a file."),
        new("too-much-stored", 413, "Too much is stored already.", "The files of one owner have a limit together. They go by themselves: a day after the upload, or when the requests that name them are past their retention."),
        new("unsupported-media-type", 415, "The media type is not supported.", "Requests are sent as application/json in UTF-8; files may be of any type, without a content coding."),
        new("range-not-satisfiable", 416, "The file has no such range.", "The range begins behind the file's end; the header Content-Range gives its size."),
        new("too-many-open", 429, "Too many requests are open.", "Wait until some of them have ended, or cancel some.", RetryAfter: 5),
        new("too-many-uploads", 429, "Too many uploads at once.", "So many files of yours are on their way that no more are taken. Wait until one of them has arrived.", RetryAfter: 5),
        new("too-fast", 429, "Too many calls in a short time.", "Wait as long as the header Retry-After says, then go on more slowly.", RetryAfter: 1),
        new("internal-error", 500, "Something went wrong here.", "This is a defect of the application. The trace id leads its developers to what happened. Sending the same request again under the same id is safe."),
        new("identity-changed", 503, "This browser has just become somebody else.", "What its cookie stood for went to another identity a moment ago, by a sign-up, a sign-in or a pairing. If that was here, the new cookie is on its way; if it was on another device, this one becomes a new guest in half a minute.", RetryAfter: 2),
        new("overloaded", 503, "The system is behind with its work.", "It accepts no more than it can keep. Nothing was accepted; try again after the time in Retry-After.", RetryAfter: 5),
        new("log-unavailable", 503, "The request log cannot be reached.", "It is not known whether this call took effect. Send the same call, under the same id, again after the time in Retry-After.", RetryAfter: 2),
        new("deadline-exceeded", null, "The deadline has passed.", "The request did not end in time and was given up. Submit it again, with a later deadline, under a new id."),
        new("attempt-failed", null, "An attempt failed.", "The worker could not do the work this time; the detail says why. The request is tried again, or waits for a person, as its status says."),
        new("worker-died", null, "The worker died again and again.", "Each time a worker took it, the worker ended without an answer, so that the message was given up. As long as other work may have been the cause, it is tried again alone and this counts as no failure."),
        new("worker-silent", null, "The worker has not been heard of any more.", "It stopped answering in the middle of the work. Another worker takes over where the kind allows it."),
        new("worker-stopped", null, "The worker was stopped.", "Its process was shut down in the middle of the work, and the time for the work to end was over. It is tried again, or waits for a person, as the status of the request says."),
        new("timeout", null, "The work took too long.", "Each kind of work has a time limit, and this attempt reached it. It is tried again, or waits for a person, as the status of the request says."),
        new("hop-unreachable", null, "The next step of the work cannot be reached.", "The work was to go on at another service, of which the broker knows no queue. It is tried again, or waits for a person, as the status of the request says."),
        new("too-many-hops", null, "The work was forwarded in a circle.", "It went from service to service without coming to an end and was given up. This is a defect of the application."),
        new("invalid-result", null, "The work gave a result that cannot be kept.", "A result must be sound JSON. This is a defect of the application; the same request would end the same way."),
        new("result-too-large", null, "The result is too large to be kept.", "The work was done, but what it gave exceeds what a request can hold. This is a defect of the application: large results belong into files."),
        new("file-gone", null, "A file of this request is not there any more.", "The work needs a file that is past its retention. Upload it again, and submit a new request."),
        new("file-too-large", null, "A file that the work made is too large.", "It exceeds the largest file, or the owner's files have no room for it. They go by themselves when the requests that name them are past their retention."),
        new("worker-canceled", null, "The worker stopped without having been asked to.", "It was shut down or gave up in the middle of the work."),
    ];

    private static readonly FrozenDictionary<string, ProblemType> ByName = Types.ToFrozenDictionary(type => type.Name);

    private static readonly FrozenDictionary<int, ProblemType> ByStatus = new[]
    {
        "invalid-request", "unauthorized", "forbidden-origin", "not-found", "method-not-allowed", "request-timeout", "precondition-failed", "too-large",
        "unsupported-media-type", "range-not-satisfiable", "internal-error",
    }.Select(name => ByName[name]).ToFrozenDictionary(type => type.Status!.Value);

    public static IReadOnlyList<ProblemType> All => Types;

    public static ProblemType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>What a bare status code means when nothing more is known.</summary>
    public static ProblemType? Find(int status) => ByStatus.GetValueOrDefault(status);
}
