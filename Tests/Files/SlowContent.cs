using System.Net;
using System.Text;
using AspireFeedback.Tests.Support;

namespace AspireFeedback.Tests.Files;

/// <summary>A body whose end comes when the test says so.</summary>
internal sealed class SlowContent(string begin) : HttpContent
{
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Finish(string end) => _end.TrySetResult(end);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(begin), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(await _end.Task.WaitAsync(2 * Eventually.Deadline, cancellationToken)), cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
