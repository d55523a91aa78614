namespace AspireFeedback.LocalAspire.Proxy;

internal static class RandomOrder
{
    /// <summary>Healthy replicas in random order, then the others that run: one that is just starting may already accept.</summary>
    public static IReadOnlyList<int> Of(IReadOnlyList<(int Port, bool IsRunning, bool IsHealthy)> replicas)
    {
        var healthy = replicas.Where(r => r.IsHealthy).Select(r => r.Port).ToArray();
        var others = replicas.Where(r => r.IsRunning && !r.IsHealthy).Select(r => r.Port).ToArray();
        Random.Shared.Shuffle(healthy);
        Random.Shared.Shuffle(others);
        return [.. healthy, .. others];
    }
}
