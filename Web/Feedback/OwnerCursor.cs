using System.Globalization;

namespace AspireFeedback.Web.Feedback;

/// <summary>
/// The opaque place of an owner in the stream of all changes: PostgreSQL's time of a reading. A commit can become visible after a reading
/// with a later time, so who asks for what is newer goes back by <see cref="Overlap"/>; told twice is harmless, versions tell.
/// </summary>
internal static class OwnerCursor
{
    /// <summary>Statements are limited to 30 s: nothing that commits later can be older than this.</summary>
    public static TimeSpan Overlap { get; } = TimeSpan.FromSeconds(60);

    public static string Of(DateTimeOffset at) => "t" + at.UtcTicks.ToString("x", CultureInfo.InvariantCulture);

    public static bool TryRead(string? cursor, out DateTimeOffset at)
    {
        at = default;
        if (cursor is not { Length: > 1 and <= 17 } || cursor[0] != 't'
            || !long.TryParse(cursor.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks)
            || ticks < DateTimeOffset.UnixEpoch.Ticks || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        at = new(ticks, TimeSpan.Zero);
        return true;
    }
}
