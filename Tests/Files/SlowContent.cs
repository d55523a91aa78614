using System.Net;
using System.Text;

namespace AspireFeedback.Tests.Files;

/// <summary>A body whose end comes when the test says so.</summary>
internal sealed class SlowContent(string begin) : HttpContent
{
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Finish(string end) => _end.TrySetResult(end);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(begin));
        await stream.FlushAsync();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(await _end.Task));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
