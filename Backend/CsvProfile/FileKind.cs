namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Tells files that are no text from their first bytes, with a sentence for whoever sent one.</summary>
internal static class FileKind
{
    public static void RefuseIfNotText(ReadOnlySpan<byte> head)
    {
        if (NameOf(head) is { } name)
            throw new CsvRefusedException($"This is {name}, not a CSV file. Export the table as CSV and send that.");
        // UTF-16 and UTF-32 are full of zero bytes; their byte order mark says that they are text all the same.
        if (head.StartsWith<byte>([0xFF, 0xFE]) || head.StartsWith<byte>([0xFE, 0xFF]) || head.StartsWith<byte>([0, 0, 0xFE, 0xFF]))
            return;

        int control = 0, zeroAtEven = 0, zeroAtOdd = 0;
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] < 0x20 && head[i] is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
                control++;
            if (head[i] == 0)
                _ = i % 2 == 0 ? zeroAtEven++ : zeroAtOdd++;
        }
        if (control < 4 || control * 50L < head.Length)
            return;
        var looksLikeUtf16 = Math.Max(zeroAtEven, zeroAtOdd) > head.Length / 4 && Math.Min(zeroAtEven, zeroAtOdd) <= head.Length / 50;
        throw new CsvRefusedException(looksLikeUtf16
            ? "This looks like UTF-16 without a byte order mark. Save the file as UTF-8 and send it again."
            : "This is a binary file, not a CSV file.");
    }

    private static string? NameOf(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'P', (byte)'K', 3, 4, ..] => "an Excel workbook or another ZIP archive",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old Excel workbook",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
        [0x1F, 0x8B, ..] => "a gzip archive",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "a Zstandard archive",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a picture",
        [0xFF, 0xD8, 0xFF, ..] => "a picture",
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file",
        _ when head.StartsWith("SQLite format 3"u8) => "an SQLite database",
        _ => null,
    };
}
