using System.Buffers;

namespace AspireFeedback.Web.Files;

/// <summary>
/// A stored file as a seekable stream over a window of its chunks. The window grows as long as reading goes on in order, so that a short range
/// costs one chunk and a whole file few round trips.
/// </summary>
internal sealed class ChunkStream(ChunkTable chunks, Guid upload, long size) : Stream
{
    private const int LargestWindow = 4;
    private byte[]? _window;
    private long _windowStart;
    private int _windowLength;
    private int _windowChunks;
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => size;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= size || buffer.IsEmpty)
            return 0;
        if (_position < _windowStart || _position >= _windowStart + _windowLength)
            await LoadAsync(cancellationToken);
        var from = (int)(_position - _windowStart);
        var length = Math.Min(buffer.Length, _windowLength - from);
        _window.AsSpan(from, length).CopyTo(buffer.Span);
        _position += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Files are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => size,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (_window is not null)
            ArrayPool<byte>.Shared.Return(_window);
        _window = null;
        base.Dispose(disposing);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var goesOn = _windowLength > 0 && _position == _windowStart + _windowLength;
        _windowChunks = goesOn ? Math.Min(_windowChunks * 2, LargestWindow) : 1;
        _window ??= ArrayPool<byte>.Shared.Rent(LargestWindow * ChunkTable.ChunkSize);
        var number = _position / ChunkTable.ChunkSize;
        _windowStart = number * ChunkTable.ChunkSize;
        var length = (int)Math.Min(_windowChunks * (long)ChunkTable.ChunkSize, size - _windowStart);
        _windowLength = 0; // nothing to read from when the load fails
        await chunks.ReadAsync(upload, (int)number, _window.AsMemory(0, length), cancellationToken);
        _windowLength = length;
    }
}
