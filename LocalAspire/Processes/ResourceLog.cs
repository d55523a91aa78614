namespace AspireFeedback.LocalAspire.Processes;

/// <summary>The last lines that one instance wrote, in memory and, bounded, in a file.</summary>
internal sealed class ResourceLog(string path) : IDisposable
{
    private const int MaxLines = 10_000;
    private const long MaxFileBytes = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private StreamWriter? _writer;
    private bool _closed;

    public IReadOnlyList<string> Last(int count = MaxLines)
    {
        lock (_gate)
            return [.. _lines.Skip(Math.Max(0, _lines.Count - count))];
    }

    public void Add(string line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MaxLines)
                _lines.Dequeue();
            if (_closed)
                return;

            try
            {
                _writer ??= Open();
                _writer.WriteLine(line);
                if (_writer.BaseStream.Position > MaxFileBytes)
                    Rotate();
            }
            catch (IOException e)
            {
                // A full disk costs the file, not the program whose output must go on being read.
                _closed = true;
                _lines.Enqueue($"(no more log file: {e.Message})");
            }
        }
    }

    public async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                Add(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Add($"(the rest of the log is lost: {e.Message})");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _writer?.Dispose();
        }
    }

    private StreamWriter Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new StreamWriter(path, append: true) { AutoFlush = true };
    }

    private void Rotate()
    {
        _writer?.Dispose();
        File.Move(path, path + ".1", overwrite: true);
        _writer = Open();
    }
}
