using AspireFeedback.LocalAspire.Dashboard.Telemetry;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

/// <summary>What both protocols do with an export once they have its bytes.</summary>
/// <param name="record">Gets what was good; must not wait.</param>
internal sealed class OtlpReceiver(TelemetryStore store, Action<Signal, byte[]> record) : IDisposable
{
    // Bounds the memory that senders can take at once; the others wait with their bytes on their side of the connection.
    private readonly SemaphoreSlim _seats = new(4);

    public async Task ReceiveAsync(Signal signal, Func<CancellationToken, Task<byte[]>> read, CancellationToken cancellationToken)
    {
        await _seats.WaitAsync(cancellationToken);
        try
        {
            var request = await read(cancellationToken);
            store.Take(signal, request);
            record(signal, request);
        }
        finally
        {
            _seats.Release();
        }
    }

    public void Dispose() => _seats.Dispose();
}
