using System.Threading.Channels;
using AspireFeedback.Web.Log;

namespace AspireFeedback.Web.Outbox;

/// <summary>
/// What this instance has just committed, to be sent without asking the table. Its claim has begun already: what stands here for longer than
/// <paramref name="patience"/> is dropped, since a sweep may have sent it before this instance could.
/// </summary>
internal sealed class FreshMessages(TimeProvider time, TimeSpan patience)
{
    /// <summary>UTF-16 units of all bodies. A broker that takes nothing for a while must not fill the memory.</summary>
    public const int MaxLength = 32 * 1024 * 1024;

    private const int MaxCount = 20_000;

    private readonly Channel<(Outgoing Message, long Since)> _messages = Channel.CreateBounded<(Outgoing, long)>(MaxCount);
    private long _length;

    /// <returns>Whether there was room.</returns>
    public bool TryAdd(Outgoing message)
    {
        if (Interlocked.Add(ref _length, message.Body.Length) <= MaxLength && _messages.Writer.TryWrite((message, time.GetTimestamp())))
            return true;
        Interlocked.Add(ref _length, -message.Body.Length);
        return false;
    }

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _messages.Reader.WaitToReadAsync(cancellationToken);

    public void TakeInto(List<Outgoing> batch, int most)
    {
        while (batch.Count < most && _messages.Reader.TryRead(out var next))
        {
            Interlocked.Add(ref _length, -next.Message.Body.Length);
            if (time.GetElapsedTime(next.Since) < patience)
                batch.Add(next.Message);
        }
    }
}
