using System.ComponentModel.DataAnnotations;

namespace AspireFeedback.ServiceDefaults.Http;

/// <summary>Section <c>HttpResilience</c> of the configuration.</summary>
internal sealed class HttpResilienceOptions
{
    public const string Section = "HttpResilience";

    /// <summary>From sending to the response's headers, for one attempt of a request that may be repeated.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>From sending to the response's headers, over all attempts and the pauses between them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    [Range(1, 10)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>Pause before the first retry; it doubles with each further one, plus jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Share of failed requests to one host that stops further ones for <see cref="BreakDuration"/>.</summary>
    [Range(0.01, 1.0)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Fewer requests than this within 30 seconds say nothing about a host.</summary>
    [Range(2, int.MaxValue)]
    public int MinimumThroughput { get; set; } = 20;

    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
