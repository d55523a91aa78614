namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>Who works where: a delivery occupies a place until its handler has ended, with the consumer that brought it or, detached, without.</summary>
internal sealed class WorkPlaces(int count)
{
    private readonly Lock _gate = new();
    private readonly HashSet<WorkPlace> _occupied = [];
    private int _detached;

    /// <summary>How many consumers a channel should have: one for each place, but for those whose handler goes on without.</summary>
    public int WantingConsumers => count - Volatile.Read(ref _detached);

    /// <summary>Starts the work of a delivery. <paramref name="lostConsumer"/> is asked under the lock: whoever detaches all sees this place or is seen by it.</summary>
    public void Occupy(WorkPlace place, Func<bool> lostConsumer, Func<WorkPlace, Task> work)
    {
        lock (_gate)
        {
            _occupied.Add(place);
            if (lostConsumer())
            {
                Detach(place);
            }

            place.Work = Task.Run(() => work(place), CancellationToken.None);
        }
    }

    /// <returns>Whether it had a consumer until now.</returns>
    public bool Detach(WorkPlace place)
    {
        lock (_gate)
        {
            if (place.IsDetached)
            {
                return false;
            }

            place.IsDetached = true;
            _detached++;
            return true;
        }
    }

    /// <summary>The channel was lost, or its consumers were cancelled.</summary>
    public void DetachAll(ConsumerChannel channel)
    {
        lock (_gate)
        {
            foreach (var place in _occupied.Where(place => place.Channel == channel))
            {
                Detach(place);
            }
        }
    }

    /// <returns>Whether a consumer is missing now.</returns>
    public bool Leave(WorkPlace place)
    {
        lock (_gate)
        {
            var missing = _occupied.Remove(place) && place.IsDetached;
            _detached -= missing ? 1 : 0;
            return missing;
        }
    }

    /// <summary>Completes when all work that runs now has ended.</summary>
    public Task AllFreeAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_occupied.Select(place => place.Work));
        }
    }
}

internal sealed class WorkPlace(ConsumerChannel channel, string consumerTag)
{
    public ConsumerChannel Channel { get; } = channel;

    public string ConsumerTag { get; } = consumerTag;

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>It has no consumer on the current channel.</summary>
    public bool IsDetached { get; set; }
}
