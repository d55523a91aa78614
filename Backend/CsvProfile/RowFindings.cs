namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Counts what is odd about rows, with the first row of each oddity; the header is row 0.</summary>
internal sealed class RowFindings
{
    public Finding Short { get; } = new("{0} with fewer values than the header has names (first: row {1}); what is not there counts as missing.");

    public Finding Long { get; } = new("{0} with more values than the header has names (first: row {1}); what is too much was left out.");

    public Finding NotUtf8 { get; } = new("{0} with bytes that are not UTF-8, read as Windows-1252 (first: row {1}).");

    public Finding Replaced { get; } = new("{0} with the replacement character � (first: row {1}): something was lost before or while the file was read.");

    public Finding Zero { get; } = new("{0} with NUL characters, shown as � (first: row {1}).");

    public Finding StrayQuote { get; } = new("{0} with a quote in the middle of a value (first: row {1}); taken as it stands, but rows around it may be read wrong.");

    public Finding OpenQuote { get; } = new("{0} with a quote that is never closed (row {1}): everything after it was taken as one value.");

    public Finding EmptyLine { get; } = new("{0} without anything, left out (first: before row {1}).");

    public void Report(CsvNotes notes)
    {
        foreach (var finding in (Finding[])[OpenQuote, Short, Long, StrayQuote, NotUtf8, Replaced, Zero, EmptyLine])
            finding.Report(notes);
    }

    public sealed class Finding(string text)
    {
        private long _rows;
        private long _first;

        public void Count(long row)
        {
            if (_rows++ == 0)
                _first = row;
        }

        public void Report(CsvNotes notes)
        {
            if (_rows > 0)
                notes.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, _rows == 1 ? "1 row" : $"{_rows} rows", _first));
        }
    }
}
