namespace AspireFeedback.Contracts;

/// <summary>What the work of this application's kinds can end with.</summary>
public static class KindProblems
{
    public static KindProblem EchoFailed { get; } = new(
        "echo-failed", "The echo failed as it was told to.", "The request itself says how many attempts are to fail. The next one comes by itself, or waits for a person.");

    public static KindProblem CsvRefused { get; } = new(
        "csv-refused", "The file cannot be profiled.", "It is no CSV file, or cannot be read as one. The detail says why; another attempt would end the same way.");

    public static KindProblem NotApproved { get; } = new(
        "not-approved", "The payment was not approved.", "A person was asked and said no. Nothing was paid.");

    public static KindProblem SoldOut { get; } = new(
        "sold-out", "An item of the order cannot be had any more.", "The detail names it. Nothing was paid; order again without it.");

    public static KindProblem WarehouseBusy { get; } = new(
        "warehouse-busy", "The warehouse did not answer.", "The goods are not reserved yet. It is tried again, or waits for a person, as the status of the request says.");
}
