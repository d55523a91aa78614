namespace AspireFeedback.LocalAspire.Processes;

/// <param name="N">Grows over all instances of a run.</param>
internal readonly record struct ConsoleLine(long N, string Instance, DateTimeOffset At, string Text);

/// <summary>Gives the lines of all logs of a run one order.</summary>
internal sealed class ConsoleOrder(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _last;

    /// <summary>The number of the newest line.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>Puts the line where it is read before a later number is given: whoever has seen a number has seen all below it.</summary>
    public void Add(string instance, string text, Action<ConsoleLine> put)
    {
        lock (_gate)
        {
            put(new(_last + 1, instance, time.GetUtcNow(), text));
            Interlocked.Increment(ref _last);
        }
    }
}
