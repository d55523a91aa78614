namespace AspireFeedback.Backend.CsvProfile;

/// <summary>The file as a forward-only stream that counts what has been read and shows its first bytes before anybody reads.</summary>
internal sealed class CsvSource : Stream
{
    private const int HeadSize = 64 * 1024;

    private readonly Stream _inner;
    private readonly byte[] _head;
    private readonly int _headLength;
    private int _headPosition;

    private CsvSource(Stream inner, byte[] head, int headLength) => (_inner, _head, _headLength) = (inner, head, headLength);

    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    public long BytesRead { get; private set; }

    public static async Task<CsvSource> OpenAsync(Stream inner, CancellationToken cancellationToken)
    {
        var head = new byte[HeadSize];
        var length = await inner.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return new(inner, head, length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var read = ReadHead(buffer.Span);
        if (read == 0)
            read = await _inner.ReadAsync(buffer, cancellationToken);
        BytesRead += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = ReadHead(buffer.AsSpan(offset, count));
        if (read == 0)
            read = _inner.Read(buffer, offset, count);
        BytesRead += read;
        return read;
    }

    private int ReadHead(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _headLength - _headPosition);
        _head.AsSpan(_headPosition, length).CopyTo(buffer);
        _headPosition += length;
        return length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
