using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AspireFeedback.Web.Requests;

/// <summary>A place in a list by acceptance, as an opaque text in a URL.</summary>
internal static class PageCursor
{
    public static string Encode((DateTimeOffset CreatedAt, Guid Id) place) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{place.CreatedAt.UtcTicks}.{place.Id:N}")));

    public static (DateTimeOffset CreatedAt, Guid Id)? Decode(string cursor)
    {
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor))
            return null;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('.');
        return parts is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && at <= DateTime.MaxValue.Ticks && Guid.TryParseExact(id, "N", out var last)
            ? (new DateTimeOffset(at, TimeSpan.Zero), last)
            : null;
    }
}
