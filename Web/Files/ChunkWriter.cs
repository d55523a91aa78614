using System.Buffers;
using System.Security.Cryptography;

namespace AspireFeedback.Web.Files;

/// <summary>
/// Cuts a stream into chunks: while one buffer is on its way to PostgreSQL the other one fills. Two buffers are all the memory that an upload takes,
/// and one of a single chunk as long as not more than that has arrived: who sends slowly, or nothing, must not cost much.
/// </summary>
internal sealed class ChunkWriter(ChunkTable chunks, TimeProvider time)
{
    private const int LargestBuffer = 8 * ChunkTable.ChunkSize;
    private static readonly TimeSpan SignOfLife = TimeSpan.FromMinutes(1);

    /// <param name="limit">Reading ends soon after so many bytes; the digest then has a larger size.</param>
    /// <returns>Null: the upload was given up meanwhile.</returns>
    public async Task<Digest?> WriteAsync(Guid upload, Stream content, long limit, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Whole chunks each, so that a place in the file tells the chunk.
        var length = ChunkTable.ChunkSize;
        byte[]? filling = null, writing = null;
        var underWay = Task.FromResult(true);
        try
        {
            for (long size = 0; ;)
            {
                filling ??= ArrayPool<byte>.Shared.Rent(length);
                var filled = await FillAsync(upload, content, filling.AsMemory(0, length), cancellationToken);
                hash.AppendData(filling, 0, filled);
                if (!await underWay)
                    return null;
                if (filled == 0 || size + filled > limit)
                    return new(size + filled, hash.GetHashAndReset());
                (filling, writing) = (writing, filling);
                underWay = chunks.AppendAsync(upload, (int)(size / ChunkTable.ChunkSize), writing.AsMemory(0, filled), cancellationToken);
                size += filled;
                length = Math.Min(2 * length, LargestBuffer);
                if (filling?.Length < length)
                    Return(ref filling); // too short for the next turn
            }
        }
        finally
        {
            // The buffer that is being sent must not go back to the pool; a failure of sending shows above, or gives way to that of receiving.
            await ((Task)underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Return(ref filling);
            Return(ref writing);
        }
    }

    /// <summary>Digest of a stream that nobody stores, up to <paramref name="limit"/> bytes and one buffer more.</summary>
    public static async Task<Digest> DigestAsync(Stream content, long limit, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkTable.ChunkSize);
        try
        {
            long size = 0;
            while (size <= limit && await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                size += read;
            }

            return new(size, hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }

    private async Task<int> FillAsync(Guid upload, Stream content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var (filled, seen) = (0, time.GetTimestamp());
        while (filled < buffer.Length && await content.ReadAsync(buffer[filled..], cancellationToken) is > 0 and var read)
        {
            filled += read;
            if (time.GetElapsedTime(seen) < SignOfLife)
                continue;
            await chunks.TouchAsync(upload, cancellationToken);
            seen = time.GetTimestamp();
        }

        return filled;
    }
}

internal sealed record Digest(long Size, byte[] Sha256)
{
    public bool IsOf(StoredFile file) => Size == file.Size && file.Sha256.Span.SequenceEqual(Sha256);
}
