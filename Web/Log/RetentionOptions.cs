namespace AspireFeedback.Web.Log;

/// <summary>Configuration section <c>Retention</c>.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    public static TimeSpan Default { get; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a request is kept after its end. Clients rely on a day at least. It counts for what is accepted from now on: what stands in the
    /// log already was promised the time of its own acceptance.
    /// </summary>
    public TimeSpan Period { get; set; } = Default;

    public bool IsValid() => Period >= TimeSpan.FromHours(24) && Period <= TimeSpan.FromDays(3653);
}
