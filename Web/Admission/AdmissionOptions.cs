namespace AspireFeedback.Web.Admission;

/// <summary>
/// Configuration section <c>Admission</c>: what is refused before it is accepted. 0 switches a limit off. Rates count on each instance for itself;
/// what is open and unsent is counted in the log, and so for all of them.
/// </summary>
internal sealed class AdmissionOptions
{
    public const string Section = "Admission";

    /// <summary>Requests of one owner that have not ended. The default stops a script that has run away, not a person or a batch.</summary>
    public int OpenPerOwner { get; set; } = 100_000;

    /// <summary>
    /// The same, of all owners that submit from one address. Off by default: behind a proxy, or a company's one address, everybody shares it.
    /// </summary>
    public int OpenPerAddress { get; set; }

    /// <summary>New requests of one owner a second, with a burst of twice as many. The default is more than one client gets through.</summary>
    public int RatePerOwner { get; set; } = 2_000;

    /// <summary>New requests from one address a second, likewise. Off by default, for the same reason as the open ones of an address.</summary>
    public int RatePerAddress { get; set; }

    /// <summary>
    /// Messages that wait in the outbox. The default is some minutes of the highest rate without a broker: longer outages are kept too, but not
    /// without an end.
    /// </summary>
    public int Unsent { get; set; } = 500_000;

    /// <summary>How far ahead a deadline may lie. A request that never ends keeps its files and its place for as long.</summary>
    public TimeSpan LongestDeadline { get; set; } = TimeSpan.FromDays(90);

    public bool IsValid() =>
        LongestDeadline > TimeSpan.Zero && LongestDeadline <= TimeSpan.FromDays(3653)
        && OpenPerOwner >= 0 && OpenPerAddress >= 0 && Unsent >= 0 && RatePerOwner is >= 0 and <= 1_000_000 && RatePerAddress is >= 0 and <= 1_000_000;
}
