using System.Collections.Concurrent;

namespace AspireFeedback.LocalAspire.Dashboard.Telemetry;

/// <summary>Who sent it: what OTLP calls a resource, under the names that LocalAspire gave to the process.</summary>
internal sealed class TelemetrySource(string resource, string instance, Pieces text)
{
    /// <summary><c>service.name</c>.</summary>
    public string Resource => resource;

    /// <summary><c>service.instance.id</c>, or the resource's name for somebody who tells none.</summary>
    public string Instance => instance;

    public Pieces Text => text;

    public Dictionary<string, string> Attributes => Pieces.Attributes(text.Split(), 0);

    public bool Is(string? wantedResource, string? wantedInstance) =>
        (wantedResource is null || Same(resource, wantedResource) || Same(instance, wantedResource)) && (wantedInstance is null || Same(instance, wantedInstance));

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One object for all that a process sends, which every export describes again.</summary>
internal sealed class TelemetrySources
{
    // Somebody who changes an attribute with every export would otherwise fill the memory; rows keep the objects that they have.
    private const int Limit = 1_000;

    private readonly ConcurrentDictionary<string, TelemetrySource> _known = new();

    public TelemetrySource For(ReadOnlySpan<byte> encoded, Func<TelemetrySource> make)
    {
        var key = Convert.ToBase64String(encoded);
        if (_known.TryGetValue(key, out var known))
            return known;
        if (_known.Count >= Limit)
            _known.Clear();
        return _known.GetOrAdd(key, make());
    }
}
