using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Servers;

namespace AspireFeedback.LocalAspire.Install;

/// <summary>A program, the packages that bring it, and the system service that comes with it and is not wanted.</summary>
internal sealed record SystemPackage(string Name, Func<string?> Find, string Apt, string Dnf, string Brew, string? Service = null)
{
    public static readonly SystemPackage Postgres =
        new("PostgreSQL", () => ServerBinaries.Postgres(null), "postgresql", "postgresql-server", "postgresql@17", "postgresql");

    public static readonly SystemPackage Redis = new("Redis", ServerBinaries.Redis, "redis-server", "redis", "redis", "redis-server");

    public static readonly SystemPackage RabbitMq =
        new("RabbitMQ", ServerBinaries.RabbitMq, "rabbitmq-server", "rabbitmq-server", "rabbitmq", "rabbitmq-server");

    public static readonly SystemPackage Chromium = new(
        "Chromium", () => ExecutablePath.Find("chromium") ?? ExecutablePath.Find("chromium-browser"), "chromium", "chromium", "chromium");

    public static IReadOnlyList<SystemPackage> All => [Postgres, Redis, RabbitMq, Chromium];
}
