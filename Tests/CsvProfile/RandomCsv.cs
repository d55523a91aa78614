using System.Globalization;
using System.Text;

namespace AspireFeedback.Tests.CsvProfile;

/// <summary>A random table and one of the many ways to write it as CSV.</summary>
internal sealed class RandomCsv
{
    private static readonly string[] Texts =
        ["red", "Red", "a,b", "x;y", "say \"hi\"", "two\nlines", "two\r\nlines", "größe", "漢字", "😀", "\"", "tab\there", "|", "NA", "1.2.3", " padded "];

    private readonly Random _random;

    public RandomCsv(int seed)
    {
        _random = new Random(seed);
        Names = [.. Enumerable.Range(0, _random.Next(2, 7)).Select(i => $"column {i}")];
        var kinds = Names.Select(_ => Kind()).ToArray();
        Rows = [.. Enumerable.Range(0, _random.Next(0, 120)).Select(_ => Row(kinds))];
        Separator = ",;\t|"[_random.Next(4)];
        Bytes = Write();
    }

    public string[] Names { get; }

    /// <summary>As written, without quoting; a row may be shorter or longer than <see cref="Names"/>.</summary>
    public string[][] Rows { get; }

    public char Separator { get; }

    public byte[] Bytes { get; }

    private string[] Row(Func<string>[] kinds)
    {
        var length = _random.Next(30) == 0 ? _random.Next(1, kinds.Length + 3) : kinds.Length;
        return [.. Enumerable.Range(0, length).Select(i => _random.Next(12) == 0 ? "" : kinds[i % kinds.Length]())];
    }

    private Func<string> Kind()
    {
        Func<string>[] kinds =
        [
            () => _random.Next(-30, 30).ToString(CultureInfo.InvariantCulture),
            () => _random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
            () => ((_random.NextDouble() - 0.5) * 1000).ToString("F" + _random.Next(5), CultureInfo.InvariantCulture),
            () => ((_random.NextDouble() - 0.5) * 1e9).ToString("E4", CultureInfo.InvariantCulture),
            () => ((string[])["true", "false", "TRUE", "no", "Yes"])[_random.Next(5)],
            () => new DateTime(1990, 1, 1).AddDays(_random.Next(5000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            () => Texts[_random.Next(Texts.Length)],
        ];
        var kind = kinds[_random.Next(kinds.Length)];
        // A column that is nearly of one type is what inference gets wrong most easily.
        var stray = kinds[_random.Next(kinds.Length)];
        return _random.Next(3) > 0 ? kind : () => _random.Next(40) == 0 ? stray() : kind();
    }

    private byte[] Write()
    {
        var text = new StringBuilder();
        var lineBreak = _random.Next(3) switch { 0 => "\r\n", 1 => "\n", _ => "\n" };
        string[][] lines = [Names, .. Rows];
        for (var i = 0; i < lines.Length; i++)
        {
            text.AppendJoin(Separator, lines[i].Select((field, column) => Quote(field, alone: lines[i].Length == 1)));
            if (i < lines.Length - 1 || _random.Next(2) == 0)
                text.Append(lineBreak);
        }
        byte[] mark = _random.Next(4) == 0 ? [0xEF, 0xBB, 0xBF] : [];
        return [.. mark, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    // An empty field that is a line of its own must be quoted, or the line is empty.
    private string Quote(string field, bool alone) =>
        field.AsSpan().IndexOfAny([Separator, '"', '\r', '\n']) >= 0 || alone && field.Length == 0 || _random.Next(5) == 0
            ? $"\"{field.Replace("\"", "\"\"")}\""
            : field;
}
