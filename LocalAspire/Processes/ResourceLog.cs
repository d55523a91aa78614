using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Processes;

/// <summary>The last lines that one instance wrote, in memory and, bounded, in a file.</summary>
internal sealed class ResourceLog(string path, ConsoleOrder? order = null) : IDisposable
{
    public const int MaxLines = 10_000;
    private const int MaxLineLength = 16 * 1024;
    private const long MaxFileBytes = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Lock _file = new();
    private readonly Queue<ConsoleLine> _lines = new();
    private readonly ConsoleOrder _order = order ?? new(TimeProvider.System);
    private readonly string _instance = Path.GetFileNameWithoutExtension(path);
    private StreamWriter? _writer;
    private bool _closed;
    private long _dropped;

    /// <summary>How many lines have made room for later ones.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public IReadOnlyList<string> Last(int count = MaxLines)
    {
        lock (_gate)
            return [.. _lines.Skip(Math.Max(0, _lines.Count - count)).Select(line => line.Text)];
    }

    /// <summary>What came after the line of that number, oldest first.</summary>
    public IReadOnlyList<ConsoleLine> After(long n)
    {
        lock (_gate)
            return [.. _lines.SkipWhile(line => line.N <= n)];
    }

    public void Add(string line)
    {
        if (line.Length > MaxLineLength)
            line = line[..MaxLineLength] + "…";
        Remember(line);
        lock (_file)
        {
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
                Remember($"(no more log file: {e.Message})");
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
        lock (_file)
        {
            _closed = true;
            _writer?.Dispose();
        }
    }

    private void Remember(string text) => _order.Add(_instance, text, line =>
    {
        lock (_gate)
        {
            _lines.Enqueue(line);
            if (_lines.Count <= MaxLines)
                return;
            _lines.Dequeue();
            Interlocked.Increment(ref _dropped);
        }
    });

    private StreamWriter Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, DataDirectory.Private);
        return new StreamWriter(DataDirectory.OpenPrivate(path, FileMode.Append)) { AutoFlush = true };
    }

    private void Rotate()
    {
        _writer?.Dispose();
        File.Move(path, path + ".1", overwrite: true);
        _writer = Open();
    }
}
