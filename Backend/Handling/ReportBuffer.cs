using System.Text;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.Handling;

/// <summary>
/// What one run has to say and has not said yet. Handlers write from any thread; one sender takes. Progress is replaced by what is newer,
/// output is concatenated, and what a failed send carried is taken again with the next.
/// </summary>
internal sealed class ReportBuffer(string worker)
{
    public const int MaxMessageLength = 500;
    public const int MaxChunkLength = 16 * 1024;
    public const int MaxOutputPerReport = 8 * MaxChunkLength;
    public const int MaxOutputPerRun = 1_000_000;
    public const string CutNote = "\n[The output is cut here.]";

    private readonly Lock _gate = new();
    private StringBuilder? _text;
    private IReadOnlyList<RunOutput>? _unconfirmed;
    private RunStarted? _started;
    private double? _percent;
    private string? _message;
    private bool _progressed;
    private bool _closed;
    private long _sequence;
    private int _nextIndex;
    private int _emitted;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _started is null && !_progressed && _unconfirmed is null && (_text is null || _text.Length == 0 || IsHalf(_text));
        }
    }

    public void Start(RunStarted started)
    {
        lock (_gate)
            _started = started;
    }

    public void Progress(double? percent, string? message)
    {
        double? clamped = percent is { } p && !double.IsNaN(p) ? Math.Round(Math.Clamp(p, 0, 100), 2) : null;
        var line = message is null ? null : OneLine(message);
        lock (_gate)
        {
            if (_closed || ((clamped ?? _percent) == _percent && (line ?? _message) == _message))
                return;
            _percent = clamped ?? _percent;
            _message = line ?? _message;
            _progressed = true;
        }
    }

    public void Emit(string chunk)
    {
        lock (_gate)
        {
            if (_closed || chunk.Length == 0 || _emitted >= MaxOutputPerRun)
                return;
            _text ??= new();
            var room = MaxOutputPerRun - _emitted;
            if (chunk.Length <= room)
                _text.Append(chunk);
            else
                _text.Append(chunk, 0, room).Append(CutNote);
            _emitted += Math.Min(chunk.Length, room);
        }
    }

    /// <summary>From now on the handler adds nothing: what it still reports, perhaps from a task that it left behind, is ignored.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
    }

    /// <summary>The next report. The outcome is in it unless there is more output than fits; then take again.</summary>
    public RunReport Take(RunOutcome? outcome = null)
    {
        lock (_gate)
        {
            var output = TakeOutput(isLast: outcome is not null);
            var report = new RunReport
            {
                Worker = worker, // in each of them: a later one may overtake the first on its way, and then tells of the start
                Started = _started,
                Progress = _progressed ? new(++_sequence, _percent, _message) : null,
                Output = output,
                Outcome = _text is { Length: > 0 } ? null : outcome,
            };
            _started = null;
            _progressed = false;
            return report;
        }
    }

    /// <summary>The report was not confirmed. It may have arrived: chunks keep their index and text, progress gets a new sequence.</summary>
    public void PutBack(RunReport report)
    {
        lock (_gate)
        {
            _started = report.Started;
            _progressed |= report.Progress is not null;
            _unconfirmed = report.Output;
        }
    }

    private List<RunOutput>? TakeOutput(bool isLast)
    {
        if (_unconfirmed is null && _text is not { Length: > 0 })
            return null;
        var output = new List<RunOutput>(_unconfirmed ?? []);
        _unconfirmed = null;
        if (_text is null)
            return output;
        var taken = 0;
        for (var room = MaxOutputPerReport - output.Sum(x => x.Chunk.Length); taken < _text.Length && room > 0;)
        {
            var length = Math.Min(MaxChunkLength, Math.Min(_text.Length - taken, room));
            var cutsPair = char.IsHighSurrogate(_text[taken + length - 1]) && !(isLast && taken + length == _text.Length);
            if (cutsPair && --length == 0)
                break; // its other half is still to come
            output.Add(new(_nextIndex++, _text.ToString(taken, length)));
            taken += length;
            room -= length;
        }
        _text.Remove(0, taken);
        return output.Count == 0 ? null : output;
    }

    private static bool IsHalf(StringBuilder text) => text.Length == 1 && char.IsHighSurrogate(text[0]);

    private static string OneLine(string message)
    {
        if (message.Length > MaxMessageLength)
            message = string.Concat(message.AsSpan(0, MaxMessageLength - 1), "…");
        return message.ReplaceLineEndings(" ");
    }
}
