namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Makes names that can be told apart out of the first row.</summary>
internal sealed class CsvHeader(CsvNotes notes)
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private int _values;

    public void Add(ReadOnlySpan<byte> field)
    {
        var text = CsvText.Trim(field);
        if (Value.Parse(text).Kind is ValueKind.Integer or ValueKind.Number or ValueKind.Date)
            _values++;

        var name = CsvText.Show(text);
        if (name.Length == 0)
        {
            name = $"Column {_names.Count + 1}";
            notes.Add($"Column {_names.Count + 1} has no name in the first row.");
        }
        else if (_taken.ContainsKey(name))
        {
            notes.Add($"The name '{name}' is in the first row more than once.");
        }
        var number = _taken.GetValueOrDefault(name, 1);
        var unique = name;
        while (!_taken.TryAdd(unique, 1))
            unique = $"{name} ({++number})";
        // Where the next one of this name begins to look: a header of ten thousand equal names must not take ten thousand looks each.
        _taken[name] = number;
        _names.Add(unique);
    }

    public IReadOnlyList<string> ToList()
    {
        if (_values == _names.Count)
            notes.Add("The first row holds values rather than names; it was taken as the header all the same.");
        return _names;
    }
}
