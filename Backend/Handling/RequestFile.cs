namespace AspireFeedback.Backend.Handling;

/// <summary>An opened file of a request.</summary>
/// <param name="content">Read once, from the start.</param>
/// <param name="length">In bytes.</param>
/// <param name="contentType">As the uploader named it.</param>
public sealed class RequestFile(Stream content, long length, string contentType) : IAsyncDisposable
{
    public Stream Content { get; } = content;

    public long Length { get; } = length;

    public string ContentType { get; } = contentType;

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
