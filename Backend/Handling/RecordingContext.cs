using System.Text;
using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>A context for unit tests of handlers: no broker, no host; it keeps what the handler tells.</summary>
public sealed class RecordingContext : HandlerContext
{
    private readonly StringBuilder _output = new();

    public override Guid CorrelationId { get; } = Guid.CreateVersion7();

    public override int Attempt => AttemptNumber;

    public override int Hop => HopNumber;

    public override DateTimeOffset? Deadline => DeadlineAt;

    public int AttemptNumber { get; init; } = 1;

    public int HopNumber { get; init; } = 1;

    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>What <see cref="HandlerContext.OpenFileAsync"/> finds, and what the handler created.</summary>
    public Dictionary<FileRef, byte[]> Files { get; } = [];

    public Dictionary<string, JsonElement> Answers { get; } = [];

    /// <summary>Every report, uncoalesced.</summary>
    public List<(double? Percent, string? Message)> Reports { get; } = [];

    public string Output => _output.ToString();

    /// <summary>Runs a handler to its end as the runtime does: a question, a forward and a problem are outcomes. Any other exception is thrown.</summary>
    public async Task<RunOutcome> RunAsync<TRequest, TResult>(IRequestHandler<TRequest, TResult> handler, TRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return new RunSucceeded(ReportBody.Result(await handler.HandleAsync(request, this, cancellationToken)));
        }
        catch (RunEndedException ended)
        {
            return ended.Outcome;
        }
        catch (ProblemException failed)
        {
            return new RunFailed(failed.Problem, failed.Permanent);
        }
    }

    public override void Report(double? percent = null, string? message = null) => Reports.Add((percent, message));

    public override void Emit(string chunk) => _output.Append(chunk);

    public FileRef AddFile(string text) => AddFile(Encoding.UTF8.GetBytes(text));

    public FileRef AddFile(byte[] content)
    {
        var file = new FileRef(Guid.CreateVersion7());
        Files[file] = content;
        return file;
    }

    public override Task<RequestFile> OpenFileAsync(FileRef file, CancellationToken cancellationToken)
    {
        var content = Files[file];
        return Task.FromResult(new RequestFile(new MemoryStream(content, writable: false), content.Length, "application/octet-stream"));
    }

    public override async Task<FileRef> CreateFileAsync(Stream content, string contentType, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        return AddFile(copy.ToArray());
    }

    protected override JsonElement? FindAnswer(string key) => Answers.TryGetValue(key, out var answer) ? answer : null;
}
