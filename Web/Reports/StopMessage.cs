using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;

namespace AspireFeedback.Web.Reports;

internal static class StopMessage
{
    /// <summary>Tells the run that sent this report, and no other, to stop.</summary>
    public static Message For(Message report, string reason) =>
        report.Reply(MessageTypes.Stop, JsonSerializer.SerializeToUtf8Bytes(new StopWork(reason, report.Run), FeedbackJson.Options));
}
