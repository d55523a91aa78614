using System.Text;
using Microsoft.Net.Http.Headers;

namespace AspireFeedback.Web.Files;

/// <summary>What the headers of an upload say about the file, made fit to be stored and shown.</summary>
internal static class FileHeaders
{
    public const string UnknownType = "application/octet-stream";
    private const int MaxLength = 255;

    /// <summary>Ends of lines, and marks of direction: with them "fdp.exe" is read as a name that ends in "exe.pdf".</summary>
    private const string Unseen = "\u061C\u200E\u200F\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    /// <summary>Parameter <c>name</c> of the query, or <c>filename</c> of Content-Disposition; without folders, control characters and marks that turn the direction of what is read.</summary>
    public static string? NameOf(HttpRequest request)
    {
        var name = request.Query["name"].FirstOrDefault();
        if (string.IsNullOrEmpty(name) && ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition))
            name = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.UnescapeAsQuotedString(disposition.FileName)).Value;
        if (string.IsNullOrEmpty(name))
            return null;
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        // The encoder replaces halves of surrogate pairs, which UTF-8 cannot hold.
        name = new string([.. Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)).Where(c => !char.IsControl(c) && !Unseen.Contains(c))]).Trim();
        if (name.Length > MaxLength)
            name = name[..(char.IsHighSurrogate(name[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        return name.Length == 0 ? null : name;
    }

    public static string MediaTypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.ToString() is { Length: <= MaxLength } value && Ascii.IsValid(value) ? value : UnknownType;
}
