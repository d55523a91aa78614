using System.IO.Compression;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

/// <summary>Reads the body of an export into memory, up to a limit that counts after decompression.</summary>
internal static class OtlpBody
{
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <exception cref="OtlpTooLargeException">There are more bytes than that.</exception>
    /// <exception cref="InvalidDataException">The body is no gzip.</exception>
    public static async Task<byte[]> ReadAsync(Stream body, bool isGzip, CancellationToken cancellationToken)
    {
        await using var decompressed = isGzip ? new GZipStream(body, CompressionMode.Decompress, leaveOpen: true) : null;
        var source = decompressed ?? body;
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (bytes.Length + read > MaxBytes)
                throw new OtlpTooLargeException();
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}

internal sealed class OtlpTooLargeException() : Exception($"An export has at most {OtlpBody.MaxBytes} bytes.");
