using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AspireFeedback.Contracts;
using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>The one place that knows how a <see cref="Message"/> looks as AMQP properties. Reading trusts nobody.</summary>
internal static class Envelope
{
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";
    public const string Attempt = "feedback-attempt";
    public const string Hop = "feedback-hop";
    public const string Run = "feedback-run";
    public const string Deadline = "feedback-deadline";
    public const string Alone = "feedback-alone";
    public const string Files = "feedback-files";

    // W3C asks to carry at least 512 characters. A header frame must fit into one frame of the connection, and this text comes from browsers.
    private const int MaxTraceState = 1024;
    private const int MaxText = 8192;

    public static BasicProperties Write(Message message)
    {
        var headers = new Dictionary<string, object?>(8);
        if (ActivityContext.TryParse(message.TraceParent, null, out _))
        {
            headers[TraceParent] = message.TraceParent;
            if (message.TraceState is { Length: > 0 and <= MaxTraceState })
            {
                headers[TraceState] = message.TraceState;
            }
        }

        if (message.Attempt > 0)
        {
            headers[Attempt] = message.Attempt;
        }

        if (message.Hop > 0)
        {
            headers[Hop] = message.Hop;
        }

        if (message.Run is { } run)
        {
            headers[Run] = run.ToString("D");
        }

        if (message.Deadline is { } deadline)
        {
            headers[Deadline] = deadline.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        }

        if (message.Alone)
        {
            headers[Alone] = true;
        }

        if (message.Files is not null)
        {
            headers[Files] = message.Files;
        }

        return new()
        {
            CorrelationId = message.RequestId.ToString("D"),
            MessageId = message.MessageId.ToString("D"),
            Type = message.Type,
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers,
        };
    }

    /// <param name="properties">As they arrived.</param>
    /// <param name="body">Kept by the message: not the client library's buffer.</param>
    /// <param name="message">The message, when it is one.</param>
    /// <param name="fault">Otherwise what is wrong, without anything of its content.</param>
    /// <param name="checkBody">Off for dead letters, which must tell of their request whatever killed them.</param>
    public static bool TryRead(
        IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body,
        [NotNullWhen(true)] out Message? message,
        [NotNullWhen(false)] out string? fault,
        bool checkBody = true)
    {
        message = null;
        if (!Guid.TryParseExact(properties.CorrelationId, "D", out var requestId))
        {
            fault = "no UUID as correlation-id";
            return false;
        }

        if (checkBody && string.IsNullOrEmpty(properties.Type))
        {
            fault = "no type";
            return false;
        }

        if (!HeaderValue.TryCount(Header(Attempt), out var attempt) || !HeaderValue.TryCount(Header(Hop), out var hop)
            || !HeaderValue.TryId(Header(Run), out var run) || !HeaderValue.TryTime(Header(Deadline), out var deadline)
            || !HeaderValue.TryText(Header(Files), out var files) || files?.Length > MaxText)
        {
            fault = "a feedback header of the wrong type or form";
            return false;
        }

        if (checkBody && !IsJson(body.Span))
        {
            fault = "a body that is not JSON";
            return false;
        }

        // A trace that cannot be read is no reason to refuse work (W3C Trace Context, 4.3).
        _ = HeaderValue.TryText(Header(TraceParent), out var traceParent);
        _ = HeaderValue.TryText(Header(TraceState), out var traceState);
        var traced = ActivityContext.TryParse(traceParent, null, out _);

        fault = null;
        message = new(requestId, MessageId(properties, requestId, body.Span), properties.Type ?? MessageTypes.Work, body)
        {
            Attempt = attempt,
            Hop = hop,
            Run = run,
            Deadline = deadline,
            Alone = Header(Alone) is true,
            Files = files,
            TraceParent = traced ? traceParent : null,
            TraceState = traced && traceState?.Length <= MaxTraceState ? traceState : null,
        };
        return true;

        object? Header(string name) => properties.Headers is { } headers && headers.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>A foreign sender's own id, or none: the same delivery must give the same UUID each time that it comes.</summary>
    private static Guid MessageId(IReadOnlyBasicProperties properties, Guid requestId, ReadOnlySpan<byte> body)
    {
        if (Guid.TryParseExact(properties.MessageId, "D", out var id))
        {
            return id;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(requestId.ToByteArray());
        hash.AppendData(Encoding.UTF8.GetBytes(properties.Type ?? ""));
        if (string.IsNullOrEmpty(properties.MessageId))
        {
            hash.AppendData(body);
        }
        else
        {
            hash.AppendData(Encoding.UTF8.GetBytes(properties.MessageId));
        }

        Span<byte> bytes = hash.GetHashAndReset().AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80); // RFC 9562, version 8: a UUID of one's own making
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = FeedbackJson.Options.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return reader.BytesConsumed > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
