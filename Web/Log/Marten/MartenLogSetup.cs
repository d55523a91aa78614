using AspireFeedback.Web.Log.Postgres;
using Marten;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace AspireFeedback.Web.Log.Marten;

internal static class MartenLogSetup
{
    /// <summary>
    /// The request log on Marten, in the PostgreSQL database of a connection string of the configuration. Files, identities, leases and tombstones
    /// are where they are without Marten; its own tables are in a schema beside theirs.
    /// </summary>
    public static IHostApplicationBuilder AddMartenLog(
        this IHostApplicationBuilder builder, string connectionName = "feedback", string? schema = null, Action<NpgsqlDataSourceBuilder>? configure = null)
    {
        builder.AddPostgresLog(connectionName, schema, configure, SchemaOf(schema));
        builder.Services.AddMartenLog().AddHostedService(provider => provider.GetRequiredService<MartenSchema>());
        return builder;
    }

    /// <summary>In place of PostgreSQL's, which has to be there: most of it is shared.</summary>
    public static IServiceCollection AddMartenLog(this IServiceCollection services) => services
        .AddSingleton<IDocumentStore>(provider => MartenStore.Build(provider.GetRequiredService<LogDatabase>()))
        .AddSingleton<MartenSchema>()
        .AddSingleton<MartenSubmit>()
        .AddSingleton<MartenCommit>()
        .AddSingleton<MartenRepeat>()
        .AddSingleton<PostgresLog>()
        .AddSingleton<PostgresUpkeep>()
        .Replace(ServiceDescriptor.Singleton<IRequestLog, MartenLog>())
        .Replace(ServiceDescriptor.Singleton<ILogUpkeep, MartenUpkeep>());

    public static string SchemaOf(string? schema) => $"{schema ?? "feedback"}_marten";
}
