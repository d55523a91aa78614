using System.Security.Cryptography;
using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Reports;

/// <summary>Reads a report message, of our own backends or of foreign ones.</summary>
internal static class ReportReader
{
    private const int MaxMessageLength = 2_000;
    private const int MaxChunkLength = 256 * 1024;

    public static TakeReport? Read(Message message, out string? reason)
    {
        reason = null;
        try
        {
            if (!JsonGuard.IsSound(message.Body.Span, out reason))
                return null;
            var report = JsonSerializer.Deserialize<RunReport>(message.Body.Span, FeedbackJson.Options);
            reason = report is null ? "the body is null" : Missing(report.Outcome);
            return report is null || reason is not null ? null : new(message.Attempt, message.Hop, RunOf(message), Clean(report));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            reason = e.Message;
            return null;
        }
    }

    /// <summary>A backend that sends no run counts as one run per attempt and hop: the id follows from them.</summary>
    public static Guid RunOf(Message message)
    {
        if (message.Run is { } run)
            return run;
        Span<byte> source = stackalloc byte[24];
        message.RequestId.TryWriteBytes(source);
        BitConverter.TryWriteBytes(source[16..], message.Attempt);
        BitConverter.TryWriteBytes(source[20..], message.Hop);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(source, hash);
        return new(hash[..16]);
    }

    private static string? Missing(RunOutcome? outcome) => outcome switch
    {
        RunSucceeded { Result.ValueKind: JsonValueKind.Undefined } => "the outcome has no result",
        RunFailed { Error: not { Type: not null, Title: not null } } => "the outcome has no error",
        RunForwarded x when string.IsNullOrEmpty(x.Kind) || x.Message.ValueKind is JsonValueKind.Undefined => "the outcome has no kind or no message",
        RunAsked x when string.IsNullOrEmpty(x.Key) || x.Question is null => "the outcome has no key or no question",
        _ => null,
    };

    private static RunReport Clean(RunReport report) => report with
    {
        Progress = report.Progress is not { } progress ? null : progress with
        {
            Percent = progress.Percent is { } percent && double.IsFinite(percent) ? Math.Clamp(percent, 0, 100) : null,
            Message = progress.Message is { Length: > MaxMessageLength } text ? text[..MaxMessageLength] : progress.Message,
        },
        Output = report.Output?.Where(chunk => chunk is { Index: >= 0, Chunk.Length: <= MaxChunkLength }).OrderBy(chunk => chunk.Index).ToArray(),
    };
}
