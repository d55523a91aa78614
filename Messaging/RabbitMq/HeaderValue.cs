using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// Header values as clients in other languages write them: text arrives as bytes, and a number as whatever integer type was the smallest,
/// or as text. A value of a type that makes no sense is told apart from one that is absent.
/// </summary>
internal static class HeaderValue
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns><c>false</c> when there is a value that is not text.</returns>
    public static bool TryText(object? value, out string? text)
    {
        text = null;
        switch (value)
        {
            case null:
                return true;
            case string s:
                text = s;
                return true;
            case byte[] bytes:
                try
                {
                    text = StrictUtf8.GetString(bytes);
                    return true;
                }
                catch (DecoderFallbackException)
                {
                    return false;
                }

            default:
                return false;
        }
    }

    /// <returns><c>false</c> when there is a value that is no whole number from 0 to 2,147,483,647.</returns>
    public static bool TryCount(object? value, out int count)
    {
        count = 0;
        long? number = value switch
        {
            null => 0,
            sbyte v => v,
            byte v => v,
            short v => v,
            ushort v => v,
            int v => v,
            uint v => v,
            long v => v,
            _ when TryText(value, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var v) => v,
            _ => null,
        };
        if (number is not (>= 0 and <= int.MaxValue))
        {
            return false;
        }

        count = (int)number;
        return true;
    }

    /// <returns><c>false</c> when there is a value that is no UUID.</returns>
    public static bool TryId(object? value, out Guid? id)
    {
        id = null;
        if (!TryText(value, out var text))
        {
            return false;
        }

        if (text is null)
        {
            return true;
        }

        var valid = Guid.TryParseExact(text, "D", out var parsed);
        id = valid ? parsed : null;
        return valid;
    }

    /// <summary>RFC 3339 text, or the AMQP type for times.</summary>
    /// <returns><c>false</c> when there is a value that is no time.</returns>
    public static bool TryTime(object? value, out DateTimeOffset? time)
    {
        time = null;
        if (value is AmqpTimestamp { UnixTime: >= 0 and <= 253_402_300_799 } timestamp)
        {
            time = DateTimeOffset.FromUnixTimeSeconds(timestamp.UnixTime);
            return true;
        }

        if (!TryText(value, out var text))
        {
            return false;
        }

        if (text is null)
        {
            return true;
        }

        var valid = DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed);
        time = valid ? parsed : null;
        return valid;
    }
}
