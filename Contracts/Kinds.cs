namespace AspireFeedback.Contracts;

/// <summary>All kinds of this application, by name.</summary>
public static class Kinds
{
    public static Kind<EchoRequest, EchoResult> Echo { get; } = new("echo", new() { FirstBackoff = TimeSpan.FromSeconds(1), Takeover = true });

    public static Kind<CsvProfileRequest, CsvProfileResult> CsvProfile { get; } = new("csv-profile", KindPolicy.Default);

    public static IReadOnlyList<Kind> All { get; } = [Echo, CsvProfile];
}
