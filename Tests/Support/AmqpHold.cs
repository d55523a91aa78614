using Xunit;

namespace AspireFeedback.Tests.Support;

/// <summary>
/// From the first frame of this kind on, nothing of that side passes on its connection, until this is disposed. What is held when the connection
/// ends is lost, as if it had never been sent.
/// </summary>
internal sealed class AmqpHold(AmqpSide side, AmqpMethod method) : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first frame is held.</summary>
    public Task Reached => _reached.Task;

    public Task Released => _released.Task;

    public async Task UntilReachedAsync()
    {
        if (await Task.WhenAny(Reached, Task.Delay(Eventually.Deadline, TestContext.Current.CancellationToken)) != Reached)
            throw new TimeoutException($"No {method} of the {side} came.");
    }

    public bool Stops(AmqpSide sender, AmqpFrame frame)
    {
        if (sender != side || frame.Method != method || Released.IsCompleted)
            return false;
        _reached.TrySetResult();
        return true;
    }

    public void Dispose() => _released.TrySetResult();
}
