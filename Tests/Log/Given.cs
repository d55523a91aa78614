using System.Text.Json;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Tests.Log;

/// <summary>Given events, when a command, then events.</summary>
internal sealed class Given
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
    public static readonly Guid Id = Guid.Parse("019c0000-0000-7000-8000-0000000000ff");
    public static readonly KindPolicy Policy = new() { MaxFailures = 3, FirstBackoff = TimeSpan.FromSeconds(10), Takeover = true };

    public Given(params RequestEvent[] events)
    {
        State = RequestState.Accept(Id, Accepted(), Start);
        foreach (var e in events)
            State = State.Apply(e, Now);
    }

    public RequestState State { get; private set; }

    public DateTimeOffset Now { get; set; } = Start.AddSeconds(1);

    public Decision Last { get; private set; }

    public static RequestAccepted Accepted() =>
        new("echo", Guid.NewGuid(), Json("""{"text":"hi"}"""), null, "fingerprint", Start.AddDays(7), null, null);

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    public static TakeReport Report(Guid run, RunReport report, int attempt = 1, int hop = 1) => new(attempt, hop, run, report);

    public static RunReport Started(int delivery = 0) => new() { Started = new("echo", delivery > 0, delivery) };

    public static RunReport Succeeded(string result = "1") => new() { Outcome = new RunSucceeded(Json(result)) };

    public static RunReport Failed(bool permanent = false) => new() { Outcome = new RunFailed(Problem.Of("attempt-failed", "It failed."), permanent) };

    public static RunReport Canceled() => new() { Outcome = new RunCanceled() };

    public static RunReport Progress(long sequence, double percent) => new() { Progress = new(sequence, percent) };

    public Given When(RequestCommand command)
    {
        Last = RequestDecisions.Decide(State, command, Policy, Now);
        foreach (var e in Last.Events)
            State = State.Apply(e, Now);
        return this;
    }

    public Given When(Guid run, RunReport report, int attempt = 1, int hop = 1) => When(Report(run, report, attempt, hop));
}
