using System.ComponentModel.DataAnnotations;

namespace AspireFeedback.Backend.Handling;

/// <summary>Section <c>Handling</c> of the configuration.</summary>
internal sealed class HandlingOptions
{
    public const string Section = "Handling";

    /// <summary>The kinds that this process works on, for a deployment of one role: names with commas between them. Absent: all that have a handler.</summary>
    public string? Kinds { get; set; }

    public IReadOnlyCollection<string>? KindNames => Kinds?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Time for runs to end by themselves after SIGTERM; what still runs then goes back to its queue.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "Handling:ShutdownGrace must be between 0 and an hour.")]
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Longest wait for the past of the control stream before work is taken.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "Handling:ControlCatchUp must be between a second and five minutes.")]
    public TimeSpan ControlCatchUp { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Orders to stop that are remembered for messages to come; about 100 bytes each.</summary>
    [Range(1, 10_000_000, ErrorMessage = "Handling:RememberedStops must be between 1 and ten million.")]
    public int RememberedStops { get; set; } = 100_000;
}
