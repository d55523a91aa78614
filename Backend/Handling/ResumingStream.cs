namespace AspireFeedback.Backend.Handling;

/// <summary>Reads a file over HTTP to its end; where the connection breaks or falls silent, it asks for the rest.</summary>
internal sealed class ResumingStream : Stream
{
    private const int MaxFailuresInARow = 8; // about half a minute

    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(30);

    private readonly FileSource _source;
    private readonly long _length;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private long _position;

    private ResumingStream(FileSource source, HttpResponseMessage response, Stream body, long length) =>
        (_source, _response, _body, _length) = (source, response, body, length);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public static async Task<ResumingStream> CreateAsync(
        FileSource source, HttpResponseMessage response, long length, CancellationToken cancellationToken) =>
        new(source, response, await response.Content.ReadAsStreamAsync(cancellationToken), length);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var failures = 0; _position < _length && buffer.Length > 0;)
        {
            try
            {
                var read = await ReadOnceAsync(buffer, cancellationToken);
                if (read > 0)
                {
                    _position += read;
                    return read;
                }
                throw new IOException("The connection ended before the file did.");
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException && ++failures < MaxFailuresInARow)
            {
                Disconnect();
                await Task.Delay(Pace.AfterFailure(failures), _source.Time, cancellationToken);
            }
        }
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocks a thread; for libraries that read no other way.</summary>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Disconnect();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_silence);
        try
        {
            if (_body is null)
            {
                _response = await _source.RequestAsync(_position, cancellationToken);
                _body = await _response.Content.ReadAsStreamAsync(cancellationToken);
            }
            return await _body.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The connection has fallen silent.", exception);
        }
    }

    private void Disconnect()
    {
        _response?.Dispose();
        (_response, _body) = (null, null);
    }
}
