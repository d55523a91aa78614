namespace AspireFeedback.Backend.CsvProfile;

/// <summary>What the person who reads the profile should know about the file. Bounded: a file can have ten thousand odd columns.</summary>
internal sealed class CsvNotes
{
    private const int Most = 30;

    private readonly List<string> _notes = [];
    private int _more;

    public void Add(string note)
    {
        if (_notes.Count < Most)
            _notes.Add(note);
        else
            _more++;
    }

    public IReadOnlyList<string>? ToList() => (_notes.Count, _more) switch
    {
        (0, _) => null,
        (_, 0) => _notes,
        _ => [.. _notes, $"{_more} more notes are left out."],
    };
}
