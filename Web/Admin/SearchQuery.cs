using System.Globalization;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Requests;
using Microsoft.AspNetCore.Http.Extensions;

namespace AspireFeedback.Web.Admin;

/// <summary>The filters of a search as they stand in its address. Ages are in seconds.</summary>
internal sealed record SearchQuery(
    string? Status, string? Held, string? Stalled, string? Kind, string? Owner, string? MinAge, string? MaxAge, string? Error, string? Limit, string? Cursor)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int LongestText = 200;
    private const int OldestSeconds = 10 * 365 * 24 * 3600;

    /// <returns>Why it cannot be read.</returns>
    public string? Read(out RequestSearch search)
    {
        search = new();
        if (!TryReadStatus(out var status))
            return $"status is one of {string.Join(", ", Enum.GetNames<RequestStatus>())}; held=true is the same as status=Held.";
        if (!TryReadBoolean(Stalled, out var stalled))
            return "stalled is true or false.";
        Guid? owner = null;
        if (Owner is not null)
        {
            if (!Guid.TryParseExact(Owner, "D", out var id))
                return "owner is the id of an owner.";
            owner = id;
        }

        if (Kind is { Length: 0 or > LongestText } || Kind?.Contains('\0', StringComparison.Ordinal) is true)
            return "kind is the name of a kind.";
        if (Error is { Length: 0 or > LongestText } || Error?.Contains('\0', StringComparison.Ordinal) is true)
            return $"error is a part of an error's text, {LongestText} characters at most.";
        if (!TryReadAge(MinAge, out var min) || !TryReadAge(MaxAge, out var max))
            return "minAge and maxAge are whole seconds since the acceptance.";
        if (!GetEvents.TryRead(Limit, DefaultLimit, 1, MaxLimit, out var limit))
            return $"limit is a number from 1 to {MaxLimit}.";
        var before = Cursor is null ? null : PageCursor.Decode(Cursor);
        if (Cursor is not null && before is null)
            return "cursor is one that an earlier page gave.";
        search = new()
        {
            Status = status,
            Kind = Kind,
            Owner = owner,
            MinAge = min,
            MaxAge = max,
            Stalled = stalled,
            ErrorText = Error,
            Before = before,
            Limit = limit,
        };
        return null;
    }

    /// <summary>The same search from another place on.</summary>
    public string From(string cursor)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in new[]
        {
            ("status", Status), ("held", Held), ("stalled", Stalled), ("kind", Kind), ("owner", Owner),
            ("minAge", MinAge), ("maxAge", MaxAge), ("error", Error), ("limit", Limit), ("cursor", cursor),
        })
        {
            if (value is not null)
                query.Add(name, value);
        }

        return query.ToString();
    }

    private bool TryReadStatus(out RequestStatus? status)
    {
        status = null;
        if (!TryReadBoolean(Held, out var held))
            return false;
        if (Status is not null)
        {
            // Not Enum.TryParse alone: it takes numbers too.
            if (!Enum.GetNames<RequestStatus>().Contains(Status))
                return false;
            status = Enum.Parse<RequestStatus>(Status);
        }

        if (held && status is not (null or RequestStatus.Held))
            return false;
        status = held ? RequestStatus.Held : status;
        return true;
    }

    private static bool TryReadBoolean(string? text, out bool value)
    {
        value = text == "true";
        return text is null or "true" or "false";
    }

    private static bool TryReadAge(string? text, out TimeSpan? age)
    {
        age = null;
        if (text is null)
            return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > OldestSeconds)
            return false;
        age = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
