namespace AspireFeedback.Bench.Reporting;

/// <summary>Text in columns: the first to the left, figures to the right.</summary>
internal sealed class Table(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params IEnumerable<string> cells) => _rows.Add([.. cells]);

    public void Print(TextWriter output, string title)
    {
        var widths = Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        output.WriteLine();
        output.WriteLine(title);
        foreach (var row in _rows)
        {
            var figures = row.Zip(widths, (cell, width) => cell.PadLeft(width)).Skip(1);
            output.WriteLine($"  {string.Join("  ", figures.Prepend(row[0].PadRight(widths[0])))}");
        }
    }
}
