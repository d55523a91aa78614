using System.Globalization;
using System.Net;
using System.Text;

namespace AspireFeedback.Bench.Size;

/// <summary>A CSV of a given size that nobody has to keep: its rows are made while they are sent.</summary>
internal sealed class GeneratedCsv : HttpContent
{
    private const int RowsPerWrite = 1_000;
    private readonly long _size;

    /// <param name="size">Bytes; the last row may go beyond it.</param>
    public GeneratedCsv(long size)
    {
        _size = size;
        Headers.ContentType = new("text/csv");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var text = new StringBuilder("id,city,amount,booked,note\n");
        long row = 0;
        for (long written = 0; written < _size;)
        {
            for (var n = 0; n < RowsPerWrite; n++, row++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{row},city {random.Next(5_000)},{random.NextDouble() * 10_000:f2},")
                    .Append(CultureInfo.InvariantCulture, $"{new DateOnly(2020, 1, 1).AddDays(random.Next(2_000)):yyyy-MM-dd},\"a note, {random.Next():x8}\"\n");
            }

            var bytes = Encoding.ASCII.GetBytes(text.ToString());
            text.Clear();
            await stream.WriteAsync(bytes, cancellationToken);
            written += bytes.Length;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
