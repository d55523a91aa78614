using System.Diagnostics;
using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>One message on its way, and its place in the batch that waits for it.</summary>
internal sealed class OutgoingMessage(SendBatch batch, int index, string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body)
{
    public string Exchange { get; } = exchange;

    public string RoutingKey { get; } = routingKey;

    public BasicProperties Properties { get; } = properties;

    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>Its producer span, ended by the flow that began it.</summary>
    public Activity? Span { get; init; }

    /// <summary>The broker had no queue for it; its confirm will follow all the same.</summary>
    public bool Returned { get; set; }

    /// <summary>Nobody waits for it any more.</summary>
    public bool IsDecided => batch.IsDecided(index);

    public void Confirm() => Decide(Returned ? SendOutcome.Unroutable : SendOutcome.Confirmed);

    public void Refuse() => Decide(SendOutcome.Unroutable);

    public void Fail() => Decide(SendOutcome.Failed);

    public void EndSpan()
    {
        if (Span is not null)
        {
            if (batch.Outcome(index) is var outcome and not SendOutcome.Confirmed)
            {
                Span.SetStatus(ActivityStatusCode.Error, outcome.ToString());
            }

            Span.Dispose();
        }
    }

    private void Decide(SendOutcome outcome)
    {
        if (batch.Decide(index, outcome))
        {
            MessagingTelemetry.CountSent(Exchange, outcome);
        }
    }
}

/// <summary>The outcomes of messages sent together, decided in any order, each once.</summary>
internal sealed class SendBatch(int count)
{
    private const int Open = -1;

    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int[] _outcomes = [.. Enumerable.Repeat(Open, count)];
    private int _open = count;

    public Task Decided => _decided.Task;

    public IReadOnlyList<SendOutcome> Outcomes => Array.ConvertAll(_outcomes, outcome => (SendOutcome)outcome);

    public SendOutcome Outcome(int index) => (SendOutcome)Volatile.Read(ref _outcomes[index]);

    public bool IsDecided(int index) => Volatile.Read(ref _outcomes[index]) != Open;

    public bool Decide(int index, SendOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref _outcomes[index], (int)outcome, Open) != Open)
        {
            return false;
        }

        if (Interlocked.Decrement(ref _open) == 0)
        {
            _decided.TrySetResult();
        }

        return true;
    }
}
