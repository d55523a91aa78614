using System.Collections.Immutable;
using AspireFeedback.Messaging;

namespace AspireFeedback.Tests.Backend;

/// <summary>One consumer of a queue in memory, with the deliveries that it holds.</summary>
internal sealed class InMemoryConsumer(InMemoryTransport broker, string kind, int concurrency, Func<Delivery, CancellationToken, Task> handle) : ISubscription
{
    private ImmutableList<Task> _handling = [];
    private ImmutableList<HeldDelivery> _unsettled = [];

    public string Kind => kind;

    public bool Taking { get; private set; } = true;

    public bool HasRoom => _unsettled.Count < concurrency;

    public IReadOnlyList<HeldDelivery> Unsettled => _unsettled;

    public Task CaughtUp => broker.CaughtUp;

    public void Take(Waiting waiting)
    {
        var delivery = new HeldDelivery(broker, this, waiting);
        _unsettled = _unsettled.Add(delivery);
        _handling = _handling.Add(Task.Run(() => HandleAsync(delivery)));
    }

    public void Settled(HeldDelivery delivery, bool again)
    {
        ImmutableInterlocked.Update(ref _unsettled, (list, x) => list.Remove(x), delivery);
        if (again)
            broker.Enqueue(kind, delivery.Again);
        else
            broker.Dispatch(kind);
    }

    public Task PauseAsync(CancellationToken cancellationToken)
    {
        Taking = false;
        broker.Note("pause");
        return Task.CompletedTask;
    }

    public Task ResumeAsync(CancellationToken cancellationToken)
    {
        Taking = true;
        broker.Note("resume");
        broker.Dispatch(kind);
        return Task.CompletedTask;
    }

    public Task StopTakingAsync(CancellationToken cancellationToken)
    {
        Taking = false;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_handling);

    private async Task HandleAsync(HeldDelivery delivery)
    {
        try
        {
            await handle(delivery, delivery.Lost);
        }
        catch (Exception)
        {
            await delivery.ReturnAsync();
            throw;
        }
    }

    internal sealed record Waiting(Message Message, int Deliveries);

    internal sealed class HeldDelivery(InMemoryTransport broker, InMemoryConsumer consumer, Waiting waiting)
        : Delivery(waiting.Message, waiting.Deliveries > 0, waiting.Deliveries)
    {
        private readonly CancellationTokenSource _lost = new();
        private int _settled;

        public CancellationToken Lost => _lost.Token;

        public Waiting Again => new(waiting.Message, waiting.Deliveries + 1);

        public void Lose()
        {
            if (Interlocked.Exchange(ref _settled, 1) != 0)
                return;
            broker.Note("lost");
            _lost.Cancel();
            consumer.Settled(this, again: true);
        }

        public override ValueTask AcknowledgeAsync() => Settle("acknowledge", again: false);

        public override ValueTask ReturnAsync() => Settle("return", again: true);

        public override ValueTask DeadLetterAsync() => Settle("dead-letter", again: false);

        private ValueTask Settle(string how, bool again)
        {
            if (Interlocked.Exchange(ref _settled, 1) != 0)
                return ValueTask.CompletedTask;
            broker.Note(how);
            consumer.Settled(this, again);
            return ValueTask.CompletedTask;
        }
    }
}
