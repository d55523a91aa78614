using System.Buffers.Binary;

namespace AspireFeedback.Tests.Support;

/// <summary>Who has sent a frame.</summary>
internal enum AmqpSide
{
    Client,
    Broker,
}

/// <summary>Methods of AMQP 0-9-1, as class id and method id. <see cref="Ack"/> of the broker is a publisher confirm.</summary>
internal enum AmqpMethod
{
    None = 0,
    StartOk = (10 << 16) | 11,
    Publish = (60 << 16) | 40,
    Deliver = (60 << 16) | 60,
    Ack = (60 << 16) | 80,
}

/// <summary>A frame as it was sent, or the eight bytes with which a client greets.</summary>
internal sealed record AmqpFrame(byte[] Bytes, AmqpMethod Method)
{
    private const int Header = 7; // type (1), channel (2), size of what follows (4)
    private const int MethodType = 1;

    public static async Task<AmqpFrame> ReadGreetingAsync(Stream stream, CancellationToken cancellationToken)
    {
        var greeting = new byte[8];
        await stream.ReadExactlyAsync(greeting, cancellationToken);
        return new(greeting, AmqpMethod.None);
    }

    public static async Task<AmqpFrame> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[Header];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var frame = new byte[Header + BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(3)) + 1]; // an end mark, 0xCE
        header.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(Header), cancellationToken);
        return new(frame, header[0] == MethodType ? (AmqpMethod)BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(Header)) : AmqpMethod.None);
    }
}
