using System.Text.Json;
using AspireFeedback.Contracts;
using Microsoft.Extensions.Options;

namespace AspireFeedback.Backend.Echo;

internal sealed class EchoOptions
{
    public const string Section = "Echo";

    /// <summary>A directory where each process writes what its echoes did, a line of JSON (<see cref="LedgerLine"/>) each. Absent: nothing is written.</summary>
    public string? Ledger { get; set; }
}

/// <summary>That a handler began or finished. A side effect one can count, to hold the log against.</summary>
internal sealed record LedgerLine(Guid Id, int Attempt, int Hop, bool Finished, DateTimeOffset At);

/// <summary>Written line by line without buffer, so that a killed process leaves what it did. One file a process: appends of several would mix.</summary>
internal sealed class EchoLedger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly FileStream? _file;

    public EchoLedger(IOptions<EchoOptions> options, TimeProvider time)
    {
        _time = time;
        if (options.Value.Ledger is not { Length: > 0 } directory)
            return;
        Directory.CreateDirectory(directory);
        _file = new(Path.Combine(directory, $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():n}.jsonl"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public void Write(Guid id, int attempt, int hop, bool finished)
    {
        if (_file is null)
            return;
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(new LedgerLine(id, attempt, hop, finished, _time.GetUtcNow()), FeedbackJson.Options), (byte)'\n'];
        lock (_gate)
            _file.Write(line);
    }

    public void Dispose() => _file?.Dispose();
}
