using RabbitMQ.Client.Events;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>
/// What a channel has published and the broker has not confirmed, by sequence number (publisher confirms: the first message of a channel has 1).
/// A confirm of many costs one step a message.
/// </summary>
internal sealed class Unconfirmed
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, OutgoingMessage> _messages = [];
    private ulong _oldest = 1;
    private ulong _next = 1;
    private bool _isLost;

    /// <summary>Gives the message the next number; false once the channel is lost.</summary>
    public bool TryAdd(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (_isLost)
            {
                return false;
            }

            _messages.Add(_next++, message);
            return true;
        }
    }

    /// <summary>Takes the last number back, since nothing of its message was sent; false once the channel is lost.</summary>
    public bool RemoveNewest()
    {
        lock (_gate)
        {
            return !_isLost && _messages.Remove(--_next);
        }
    }

    /// <returns>How many were decided.</returns>
    public int Settle(ulong tag, bool multiple, Action<OutgoingMessage> decide)
    {
        var settled = 0;
        lock (_gate)
        {
            for (var number = multiple ? _oldest : tag; number <= tag && number < _next; number++)
            {
                if (_messages.Remove(number, out var message))
                {
                    decide(message);
                    settled++;
                }
            }

            while (_oldest < _next && !_messages.ContainsKey(_oldest))
            {
                _oldest++;
            }
        }

        return settled;
    }

    /// <summary>
    /// A return names no sequence number, but returns come in the order of publishing and before their confirm. Should the same message be
    /// under way twice, it does not matter which of the two is meant: both are the same message with the same id.
    /// </summary>
    public void MarkReturned(BasicReturnEventArgs returned)
    {
        lock (_gate)
        {
            for (var number = _oldest; number < _next; number++)
            {
                if (_messages.TryGetValue(number, out var message) && !message.Returned
                    && message.Properties.MessageId == returned.BasicProperties.MessageId
                    && message.RoutingKey == returned.RoutingKey && message.Exchange == returned.Exchange)
                {
                    message.Returned = true;
                    break;
                }
            }
        }
    }

    /// <summary>The channel is lost: what it has not confirmed, and whatever comes now, failed.</summary>
    public void FailAll()
    {
        lock (_gate)
        {
            _isLost = true;
            foreach (var message in _messages.Values)
            {
                message.Fail();
            }

            _messages.Clear();
        }
    }
}
