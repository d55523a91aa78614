using System.Buffers.Binary;
using System.IO.Compression;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Dashboard.Recording;

/// <summary>
/// An append-only file of compressed frames, each of them a list of byte strings. When it is full it becomes the ".1" beside it, so
/// that between one and two times the limit is kept. A frame that was cut off by the end of the process ends the reading, and nothing else.
/// </summary>
internal sealed class FrameFile(string path, long maxBytes) : IDisposable
{
    private const int MaxFrameBytes = 64 * 1024 * 1024;

    private FileStream? _stream;

    public void Append(IReadOnlyList<byte[]> items)
    {
        using var frame = new MemoryStream();
        frame.Write(stackalloc byte[4]);
        using (var compressed = new DeflateStream(frame, CompressionLevel.Fastest, leaveOpen: true))
        {
            Span<byte> length = stackalloc byte[4];
            foreach (var item in items)
            {
                BinaryPrimitives.WriteInt32LittleEndian(length, item.Length);
                compressed.Write(length);
                compressed.Write(item);
            }
        }

        var bytes = frame.GetBuffer().AsSpan(0, (int)frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
        _stream ??= Open();
        _stream.Write(bytes);
        _stream.Flush();
        if (_stream.Position > maxBytes)
            Rotate();
    }

    /// <summary>Everything that is kept, oldest first.</summary>
    public static IEnumerable<byte[]> Read(string path)
    {
        foreach (var part in (string[])[path + ".1", path])
        {
            if (!File.Exists(part))
                continue;
            using var stream = new FileStream(part, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            while (Frame(stream) is { } items)
            {
                foreach (var item in items)
                    yield return item;
            }
        }
    }

    public void Dispose() => _stream?.Dispose();

    private static List<byte[]>? Frame(Stream stream)
    {
        if (Length(stream) is not (> 0 and var size))
            return null;
        var bytes = new byte[size];
        if (stream.ReadAtLeast(bytes, size, throwOnEndOfStream: false) < size)
            return null;

        var items = new List<byte[]>();
        try
        {
            using var decompressed = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress);
            while (Length(decompressed) is { } itemSize)
            {
                var item = new byte[itemSize];
                decompressed.ReadExactly(item);
                items.Add(item);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return null;
        }

        return items;
    }

    /// <summary>Null at the end, or where something else stands.</summary>
    private static int? Length(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        return stream.ReadAtLeast(bytes, 4, throwOnEndOfStream: false) == 4 && BinaryPrimitives.ReadInt32LittleEndian(bytes) is >= 0 and <= MaxFrameBytes and var length
            ? length
            : null;
    }

    private FileStream Open() => DataDirectory.OpenPrivate(path, FileMode.Append);

    private void Rotate()
    {
        _stream?.Dispose();
        File.Move(path, path + ".1", overwrite: true);
        _stream = Open();
    }
}
