using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AspireFeedback.Web;

/// <summary>Refusals of endpoints as problem details (RFC 9457). <see cref="ProblemWriter"/> adds the trace id and the headers that belong to them.</summary>
internal static class Problems
{
    /// <param name="name">A name of the <see cref="ProblemCatalog"/> that has a status.</param>
    /// <param name="detail">What happened this time.</param>
    /// <param name="errors">Per field.</param>
    /// <param name="extensions">Further members.</param>
    public static ProblemHttpResult Result(
        string name,
        string? detail = null,
        IEnumerable<KeyValuePair<string, string[]>>? errors = null,
        IEnumerable<KeyValuePair<string, object?>>? extensions = null) => TypedResults.Problem(Details(name, detail, errors, extensions));

    public static ProblemDetails Details(
        string name,
        string? detail = null,
        IEnumerable<KeyValuePair<string, string[]>>? errors = null,
        IEnumerable<KeyValuePair<string, object?>>? extensions = null)
    {
        var type = ProblemCatalog.Find(name) ?? throw new ArgumentException($"There is no problem '{name}'.", nameof(name));
        var details = new ProblemDetails
        {
            Type = type.Uri,
            Title = type.Title,
            Status = type.Status ?? throw new ArgumentException($"The problem '{name}' is no answer of HTTP.", nameof(name)),
            Detail = detail,
        };
        if (errors is not null)
            details.Extensions["errors"] = new SortedDictionary<string, string[]>(errors.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in extensions ?? [])
            details.Extensions[key] = value;
        return details;
    }

    /// <summary>For a status code without a body.</summary>
    public static ProblemDetails DetailsOf(int status) => ProblemCatalog.Find(status) is { } type
        ? Details(type.Name)
        : new() { Type = "about:blank", Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), Status = status };
}
