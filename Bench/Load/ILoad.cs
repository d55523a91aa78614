namespace AspireFeedback.Bench.Load;

/// <summary>One kind of load: what is done again and again.</summary>
internal interface ILoad : IAsyncDisposable
{
    /// <summary>How many requests one call stands for.</summary>
    int RequestsPerCall { get; }

    /// <summary>What went wrong beside the requests themselves.</summary>
    IEnumerable<string> Troubles { get; }

    /// <param name="number">Counts from 0; load is spread by it.</param>
    /// <returns>The timestamp (<see cref="System.Diagnostics.Stopwatch"/>) at which it was done.</returns>
    /// <exception cref="LoadException">It was refused or lost.</exception>
    Task<long> OnceAsync(long number, CancellationToken cancellationToken);
}

/// <summary>The message is short and the same for the same reason: failures are counted by it.</summary>
internal sealed class LoadException(string message) : Exception(message);
