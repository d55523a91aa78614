using System.Text.Unicode;
using AspireFeedback.Contracts;
using CsvHelper;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Reads a CSV file once, from start to end, in memory that depends on the number of its columns but not on its size.</summary>
internal sealed class CsvProfiler
{
    private const int ReportEveryBytes = 1024 * 1024;

    private readonly CsvReader _reader;
    private readonly CsvNotes _notes = new();
    private readonly RowFindings _findings = new();
    private ColumnProfile[] _columns = [];
    private long _rows;

    private CsvProfiler(CsvSource source, char? separator) => _reader = CsvReader.Create(
        source,
        new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            SkipEmptyLines = false,
            MaxRecordSize = ProfileLimits.MaxRecordBytes,
            BufferSize = 256 * 1024,
            OnMalformedRecord = Malformed,
        },
        leaveOpen: true);

    /// <param name="csv">Read to its end; not disposed.</param>
    /// <param name="separator">One ASCII character; found out from the first lines when null.</param>
    /// <param name="progress">Given the bytes read so far, about once a megabyte and at the end.</param>
    /// <exception cref="CsvRefusedException">The file is not one that can be profiled; the message says why.</exception>
    public static async Task<CsvProfileResult> ProfileAsync(
        Stream csv, string? separator, Action<long>? progress, CancellationToken cancellationToken)
    {
        var source = await CsvSource.OpenAsync(csv, cancellationToken);
        FileKind.RefuseIfNotText(source.Head);
        var profiler = new CsvProfiler(source, Separator(separator));
        using (profiler._reader)
        {
            try
            {
                var result = await profiler.ReadAsync(source, progress, cancellationToken);
                progress?.Invoke(source.BytesRead);
                return result;
            }
            catch (CsvFormatException exception)
            {
                throw new CsvRefusedException(
                    $"Row {profiler._rows + 1} is longer than {ProfileLimits.MaxRecordBytes / 1024 / 1024} MB. Probably a quote is opened there and never closed.",
                    exception);
            }
        }
    }

    private static char? Separator(string? separator) => separator switch
    {
        null => null,
        [var one] when char.IsAscii(one) && one is not ('"' or '\r' or '\n' or '\0') => one,
        _ => throw new CsvRefusedException("The separator must be one ASCII character, and neither a quote nor a line break."),
    };

    private async Task<CsvProfileResult> ReadAsync(CsvSource source, Action<long>? progress, CancellationToken cancellationToken)
    {
        long reported = 0;
        while (await _reader.ReadAsync(cancellationToken))
        {
            if (_reader.RawRecord.IsEmpty)
                _findings.EmptyLine.Count(_rows + 1);
            else if (_columns.Length == 0)
                ReadHeader();
            else
                ReadRow();

            if (source.BytesRead - reported < ReportEveryBytes)
                continue;
            reported = source.BytesRead;
            progress?.Invoke(reported);
        }
        return Result();
    }

    private void ReadHeader()
    {
        if (_reader.FieldCount > ProfileLimits.MaxColumns)
            throw new CsvRefusedException($"The first row has {_reader.FieldCount} columns; at most {ProfileLimits.MaxColumns} can be profiled. Is the separator right?");
        FindOddBytes();
        var names = new CsvHeader(_notes);
        for (var i = 0; i < _reader.FieldCount; i++)
            names.Add(Field(i));
        var limits = ProfileLimits.For(_reader.FieldCount);
        _columns = [.. names.ToList().Select(name => new ColumnProfile(name, limits))];
    }

    private void ReadRow()
    {
        _rows++;
        var allUtf8 = FindOddBytes();
        var fields = _reader.FieldCount;
        if (fields > _columns.Length)
            _findings.Long.Count(_rows);
        else if (fields < _columns.Length)
            _findings.Short.Count(_rows);

        for (var i = 0; i < _columns.Length; i++)
        {
            var value = i >= fields ? default : CsvText.Trim(allUtf8 ? _reader.GetSpan(i) : Field(i));
            if (value.IsEmpty)
                _columns[i].AddMissing();
            else
                _columns[i].Add(value);
        }
    }

    private ReadOnlySpan<byte> Field(int index) => CsvText.Repair(_reader.GetSpan(index));

    private bool FindOddBytes()
    {
        var record = _reader.RawRecord;
        var allUtf8 = Utf8.IsValid(record);
        if (!allUtf8)
            _findings.NotUtf8.Count(_rows);
        if (record.Contains((byte)0))
            _findings.Zero.Count(_rows);
        if (record.IndexOf("\uFFFD"u8) >= 0)
            _findings.Replaced.Count(_rows);
        return allUtf8;
    }

    private void Malformed(CsvMalformedRecord record) =>
        (record.Reason == CsvMalformedReason.UnterminatedQuote ? _findings.OpenQuote : _findings.StrayQuote).Count(_columns.Length == 0 ? 0 : _rows + 1);

    private CsvProfileResult Result()
    {
        if (_columns.Length == 0)
            _notes.Add("The file is empty.");
        else if (_reader.Separator != ',' && _reader.Options.Separator is null)
            _notes.Add($"The separator is {(_reader.Separator == '\t' ? "a tab" : $"'{_reader.Separator}'")}, found out from the first lines.");
        else if (_columns.Length == 1 && _reader.Options.Separator is null)
            _notes.Add("There is one column only: no comma, semicolon, tab or bar separates the first lines.");
        _findings.Report(_notes);
        if (_columns.Length > 1000)
            _notes.Add("The file has so many columns that their histograms and most frequent values are left out.");
        var columns = _columns.Select(column => column.Describe(_notes)).ToList();
        return new(_rows, columns, _notes.ToList());
    }
}
