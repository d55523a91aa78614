using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AspireFeedback.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>What a replica's own metrics say is open: connections, calls, live channels.</summary>
internal sealed class Gauges : IDisposable
{
    private static readonly string[] Open =
        ["feedback.connections", "kestrel.active_connections", "kestrel.upgraded_connections", "http.server.active_requests", "signalr.server.active_connections"];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _values = [];

    public Gauges(WebReplica web)
    {
        // Other replicas of the same process have meters of the same names.
        var meters = web.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && Open.Contains(instrument.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    /// <summary>By name; empty before anything has happened.</summary>
    public IReadOnlyDictionary<string, long> Values => _values;

    public void Dispose() => _listener.Dispose();

    private void Add(string name, long value) => _values.AddOrUpdate(name, value, (_, sum) => sum + value);
}
