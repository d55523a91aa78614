namespace AspireFeedback.Contracts;

public sealed record CsvProfileResult(long Rows);
