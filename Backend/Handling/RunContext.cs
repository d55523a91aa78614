using System.Text.Json;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>The context of a real run.</summary>
internal sealed class RunContext(Run run, WorkBody body, RequestFiles files) : HandlerContext
{
    public override Guid CorrelationId => run.Message.RequestId;

    public override int Attempt => run.Attempt;

    public override int Hop => run.Hop;

    public override DateTimeOffset? Deadline => run.Message.Deadline;

    public override void Report(double? percent = null, string? message = null) => run.Reporter.Buffer.Progress(percent, message);

    public override void Emit(string chunk) => run.Reporter.Buffer.Emit(chunk);

    public override Task<RequestFile> OpenFileAsync(FileRef file, CancellationToken cancellationToken) =>
        files.OpenAsync(run.Message.Files, file, cancellationToken);

    public override Task<FileRef> CreateFileAsync(Stream content, string contentType, CancellationToken cancellationToken) =>
        files.CreateAsync(run.Message.Files, content, contentType, cancellationToken);

    protected override JsonElement? FindAnswer(string key) => body.Answers?.TryGetValue(key, out var answer) == true ? answer : null;
}
