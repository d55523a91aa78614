using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Servers;

namespace AspireFeedback.LocalAspire.Install;

/// <summary>A program and the packages that bring it, by package manager.</summary>
internal sealed record SystemPackage(string Name, Func<string?> Find, string Apt, string Dnf, string Brew)
{
    public static readonly SystemPackage Postgres =
        new("PostgreSQL", () => ServerBinaries.Postgres(null), "postgresql", "postgresql-server", "postgresql@17");

    public static readonly SystemPackage Redis = new("Redis", ServerBinaries.Redis, "redis-server", "redis", "redis");

    public static readonly SystemPackage RabbitMq = new("RabbitMQ", ServerBinaries.RabbitMq, "rabbitmq-server", "rabbitmq-server", "rabbitmq");

    public static readonly SystemPackage Chromium = new(
        "Chromium", () => ExecutablePath.Find("chromium") ?? ExecutablePath.Find("chromium-browser"), "chromium", "chromium", "chromium");

    public static IReadOnlyList<SystemPackage> All => [Postgres, Redis, RabbitMq, Chromium];
}
