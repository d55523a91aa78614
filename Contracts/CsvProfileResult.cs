using System.Text.Json;

namespace AspireFeedback.Contracts;

/// <summary>What a CSV file holds, column by column.</summary>
/// <param name="Rows">Without the header and without empty lines.</param>
/// <param name="Columns">In the order of the file.</param>
/// <param name="Notes">What a reader should know before trusting the numbers: ragged rows, replaced bytes, ambiguous dates. Absent when there is nothing.</param>
public sealed record CsvProfileResult(long Rows, IReadOnlyList<CsvColumn> Columns, IReadOnlyList<string>? Notes = null);

/// <summary>One column. Values are taken without the spaces and tabs around them; an empty one is missing.</summary>
/// <param name="Name">From the header; made up when it is empty there, numbered when it is there twice.</param>
/// <param name="Type"><c>integer</c>, <c>number</c>, <c>boolean</c>, <c>date</c> or <c>text</c>: the narrowest that every value fits.</param>
/// <param name="Count">Values, without the missing ones.</param>
/// <param name="Missing">Rows with an empty value or none at all.</param>
/// <param name="Distinct">Different values, as written (1.0 and 1 are two).</param>
/// <param name="DistinctIsEstimate">Whether <paramref name="Distinct"/> is estimated (within a few percent); the counts of <paramref name="Top"/> are then lower bounds.</param>
/// <param name="Min">A JSON number for <c>integer</c> and <c>number</c>, a JSON boolean for <c>boolean</c>, a string otherwise (dates as ISO 8601, text by code point). Absent without values.</param>
/// <param name="Max">Like <paramref name="Min"/>.</param>
/// <param name="Mean">For <c>integer</c> and <c>number</c>.</param>
/// <param name="Histogram">For <c>integer</c>, <c>number</c> and <c>date</c>; its counts add up to <paramref name="Count"/>. Left out in files of more than a thousand columns.</param>
/// <param name="Top">For <c>boolean</c> and <c>text</c>: the most frequent values; absent when none is known to occur twice. Left out in files of more than a thousand columns.</param>
public sealed record CsvColumn(
    string Name,
    string Type,
    long Count,
    long Missing,
    long Distinct,
    bool DistinctIsEstimate,
    JsonElement? Min = null,
    JsonElement? Max = null,
    double? Mean = null,
    IReadOnlyList<CsvHistogramBin>? Histogram = null,
    IReadOnlyList<CsvTopValue>? Top = null);

/// <param name="From">Inclusive; a JSON number, or an ISO 8601 string for dates.</param>
/// <param name="To">Exclusive, unless it equals <paramref name="From"/>: then all values are that one.</param>
public sealed record CsvHistogramBin(JsonElement From, JsonElement To, long Count);

/// <param name="Value">Cut, with an ellipsis, when it is long.</param>
public sealed record CsvTopValue(string Value, long Count);
