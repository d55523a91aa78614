using System.Net;

namespace AspireFeedback.Tests.Files;

/// <summary>Bytes without a Content-Length.</summary>
internal sealed class Unmeasured(byte[] bytes) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
