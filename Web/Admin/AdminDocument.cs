using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Admin;

/// <summary>A status document in a list over all owners.</summary>
internal record OwnedDocument : StatusDocument
{
    [SetsRequiredMembers]
    public OwnedDocument(StatusDocument document, Guid owner)
        : base(document)
    {
        Owner = owner;
        // The owner's address of a large result opens to the owner alone.
        if (document.ResultUrl is { } url)
            ResultUrl = $"/admin{url}";
    }

    /// <summary>Whose it is now.</summary>
    public Guid Owner { get; }
}

/// <summary>All that is known of a request, apart from its events one by one.</summary>
internal sealed record AdminDocument : OwnedDocument
{
    [SetsRequiredMembers]
    public AdminDocument(StatusDocument document, Guid owner)
        : base(document, owner)
    {
    }

    /// <summary>Who submitted it, where that was somebody else: a guest who signed in since.</summary>
    public Guid? SubmittedBy { get; init; }
    public JsonElement? Payload { get; init; }
    public IReadOnlyList<Guid>? Files { get; init; }
    public IReadOnlyList<AttemptSpan> Attempts { get; init; } = [];

    /// <summary>Set where the stream is too long for one call: up to this version the attempts are told.</summary>
    public int? AttemptsUpTo { get; init; }

    /// <summary>The trace in the dashboard, where one is configured.</summary>
    public string? TraceUrl { get; init; }
}
