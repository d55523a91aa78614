namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server that LocalAspire runs as a child process, unless a connection string is given from outside.</summary>
public abstract class ServerResource : Resource, IResourceWithConnectionString, IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport
{
    private protected ServerResource(string name, string uriScheme, string user, int? port, ParameterResource? userName, ParameterResource? password) : base(name)
    {
        (DefaultUser, UserNameParameter, PasswordParameter) = (user, userName, password);
        Annotations.Add(new EndpointAnnotation("tcp", uriScheme, port, null, null, isProxied: false));
        PrimaryEndpoint = new EndpointReference(this, "tcp");
    }

    public EndpointReference PrimaryEndpoint { get; }

    public ParameterResource? UserNameParameter { get; }

    public ParameterResource? PasswordParameter { get; }

    internal string DefaultUser { get; }

    /// <summary>Generated and kept beside the data when no parameter is given; set at start.</summary>
    internal string GeneratedPassword { get; set; } = "";

    /// <summary>Given from outside; then no server is started.</summary>
    internal string? ExternalConnectionString { get; set; }

    internal string User => UserNameParameter?.Value ?? DefaultUser;

    internal string Password => PasswordParameter?.Value ?? GeneratedPassword;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(ExternalConnectionString ?? OwnConnectionString);

    internal abstract string OwnConnectionString { get; }
}

public sealed class PostgresServerResource(string name, int? port, ParameterResource? userName, ParameterResource? password)
    : ServerResource(name, "tcp", "postgres", port, userName, password)
{
    internal override string OwnConnectionString => $"Host=localhost;Port={PrimaryEndpoint.Port};Username={User};Password={Password}";
}

public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    public PostgresServerResource Parent => parent;

    public string DatabaseName => databaseName;

    internal string? ExternalConnectionString { get; set; }

    public async ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ExternalConnectionString ?? $"{await parent.GetConnectionStringAsync(cancellationToken)};Database={databaseName}";
}

public sealed class RedisResource(string name, int? port, ParameterResource? password) : ServerResource(name, "tcp", "", port, null, password)
{
    internal override string OwnConnectionString => $"localhost:{PrimaryEndpoint.Port},password={Password}";
}

public sealed class RabbitMQServerResource(string name, int? port, ParameterResource? userName, ParameterResource? password)
    : ServerResource(name, "tcp", "guest", port, userName, password)
{
    internal override string OwnConnectionString => $"amqp://{Uri.EscapeDataString(User)}:{Uri.EscapeDataString(Password)}@localhost:{PrimaryEndpoint.Port}";
}

/// <summary>A connection string from configuration (<c>ConnectionStrings:{name}</c>).</summary>
public sealed class ConnectionStringResource(string name, string? environmentVariableName) : Resource(name), IResourceWithConnectionString
{
    public string? ConnectionStringEnvironmentVariable => environmentVariableName;

    internal string? Value { get; set; }

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(Value);
}
