using AspireFeedback.ServiceDefaults.Clients;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

public static class PostgresClient
{
    /// <summary>
    /// Adds an <see cref="NpgsqlDataSource"/> under the key <paramref name="name"/>: a name of its own, since the application that this is a part of
    /// may have one too.
    /// </summary>
    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string name,
        Action<ClientSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
    {
        var connectionString = ClientSettings.Read(builder, name, configureSettings);
        builder.Services.AddKeyedSingleton(name, (_, _) =>
        {
            var source = new NpgsqlDataSourceBuilder(connectionString());
            configureDataSourceBuilder?.Invoke(source);
            return source.Build();
        });
    }
}
