using System.ComponentModel.DataAnnotations;

namespace AspireFeedback.Contracts;

/// <summary>Profiles the columns of an uploaded CSV file.</summary>
/// <param name="File">The uploaded file.</param>
/// <param name="Separator">One character; found out from the first lines when absent.</param>
public sealed record CsvProfileRequest(FileRef File, [property: StringLength(1, MinimumLength = 1)] string? Separator = null);
