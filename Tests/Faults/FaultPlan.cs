namespace AspireFeedback.Tests.Faults;

internal enum FaultKind
{
    /// <summary>SIGKILL, and started again after a while.</summary>
    Kill,

    /// <summary>SIGSTOP, and SIGCONT after a while.</summary>
    Pause,

    /// <summary>SIGTERM, and started again after a while.</summary>
    Restart,
}

/// <param name="At">Since the start of the run.</param>
/// <param name="For">How long it is down or paused; starting again comes on top.</param>
internal sealed record Fault(TimeSpan At, string Resource, int Replica, FaultKind Kind, TimeSpan For)
{
    public override string ToString() => $"{At.TotalSeconds,6:f1} s  {Kind,-7} {Resource}[{Replica}] for {For.TotalSeconds:f1} s";
}

/// <summary>What one request of a client will go through.</summary>
/// <param name="After">Since the client's last submit.</param>
/// <param name="CancelAfter">Null: it is not canceled.</param>
internal sealed record Order(
    Guid Id, string Text, TimeSpan After, int DelayMs, int Steps, int FailTimes, bool SubmitsTwice, bool Streams, bool Pries, TimeSpan? CancelAfter);

/// <summary>Everything that happens from outside in one run, made from the seed alone.</summary>
internal sealed record FaultPlan(int Seed, TimeSpan Length, IReadOnlyList<Fault> Faults, IReadOnlyList<IReadOnlyList<Order>> Clients)
{
    private const int ClientCount = 8;
    private static readonly TimeSpan s_quietAtTheEnds = TimeSpan.FromSeconds(4);

    public static FaultPlan Of(int seed, TimeSpan length)
    {
        var random = new Random(seed);
        return new(seed, length, PlanFaults(random, length), [.. Enumerable.Range(0, ClientCount).Select(client => PlanOrders(random, seed, client, length))]);
    }

    private static List<Fault> PlanFaults(Random random, TimeSpan length)
    {
        var faults = new List<Fault>();
        var busyUntil = new Dictionary<(string, int), TimeSpan>();
        for (var at = s_quietAtTheEnds; at < length - s_quietAtTheEnds; at += Seconds(random, 2, 8))
        {
            var (resource, replica, recovery) = PickTarget(random);
            if (busyUntil.GetValueOrDefault((resource, replica)) > at)
                continue;
            var kind = random.Next(100) switch { < 50 => FaultKind.Kill, < 80 => FaultKind.Pause, _ => FaultKind.Restart };
            var lasts = PickLength(random, resource, kind);
            faults.Add(new(at, resource, replica, kind, lasts));
            busyUntil[(resource, replica)] = at + lasts + recovery;
        }

        return faults;
    }

    /// <returns>Resource, replica, and how long it is left alone after it was started again.</returns>
    private static (string Resource, int Replica, TimeSpan Recovery) PickTarget(Random random) => random.Next(100) switch
    {
        < 32 => ("web", random.Next(2), TimeSpan.FromSeconds(5)),
        < 64 => ("backend", random.Next(2), TimeSpan.FromSeconds(5)),
        < 78 => ("redis", 0, TimeSpan.FromSeconds(3)),
        < 90 => ("postgres", 0, TimeSpan.FromSeconds(6)),
        _ => ("messaging", 0, TimeSpan.FromSeconds(20)),
    };

    private static TimeSpan PickLength(Random random, string resource, FaultKind kind) => kind switch
    {
        // Past the lease of an echo: another worker takes over, and this one wakes up fenced.
        FaultKind.Pause when resource == "backend" && random.Next(6) == 0 => Seconds(random, 35, 45),
        FaultKind.Pause when resource == "web" && random.Next(6) == 0 => Seconds(random, 12, 20),
        FaultKind.Pause => Seconds(random, 0.5, 6),
        _ => Seconds(random, 0.1, 4),
    };

    private static List<Order> PlanOrders(Random random, int seed, int client, TimeSpan length)
    {
        var orders = new List<Order>();
        for (var at = TimeSpan.Zero; at < length;)
        {
            var after = Seconds(random, 0.1, 0.7);
            at += after;
            var (delay, steps) = random.Next(100) switch
            {
                < 55 => (0, 0),
                < 75 => (random.Next(10, 300), random.Next(0, 3)),
                < 95 => (random.Next(300, 2_500), random.Next(1, 12)),
                _ => (random.Next(3_000, 9_000), random.Next(5, 40)),
            };
            var failTimes = random.Next(100) switch { < 92 => 0, < 98 => 1, _ => 3 };
            orders.Add(new(
                NewId(random), $"seed {seed}, client {client}, request {orders.Count}", after, delay, steps, failTimes,
                SubmitsTwice: random.Next(5) == 0,
                Streams: random.Next(6) == 0,
                Pries: random.Next(30) == 0,
                CancelAfter: random.Next(10) == 0 ? Seconds(random, 0, 2) : null));
        }

        return orders;
    }

    private static Guid NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new(bytes, bigEndian: true);
    }

    private static TimeSpan Seconds(Random random, double from, double to) => TimeSpan.FromSeconds(from + random.NextDouble() * (to - from));
}
