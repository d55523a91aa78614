using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace AspireFeedback.Web.Log.Postgres;

internal static partial class PostgresLogSetup
{
    /// <summary>The request log on the PostgreSQL database of a connection string of the configuration.</summary>
    /// <param name="configure">What the connection string cannot say: passwords that change, certificates.</param>
    public static IHostApplicationBuilder AddPostgresLog(
        this IHostApplicationBuilder builder, string connectionName = "feedback", string? schema = null, Action<NpgsqlDataSourceBuilder>? configure = null, string? views = null)
    {
        var connectionString = builder.Configuration.GetConnectionString(connectionName)
            ?? throw new InvalidOperationException($"ConnectionStrings:{connectionName} is missing: the PostgreSQL database of the request log.");
        var settled = Settle(connectionString, schema, views);
        builder.AddKeyedNpgsqlDataSource(connectionName, settings => settings.ConnectionString = settled, configure);
        builder.Services.AddSingleton(provider => new LogDatabase(provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName), schema, views));
        builder.Services.AddPostgresLog().AddHostedService<SchemaStart>().AddHostedService<LogWatch>();
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section)
            .Validate(options => options.IsValid(), $"{RetentionOptions.Section}:Period must be from 24 hours to ten years.")
            .ValidateOnStart();
        return builder;
    }

    public static IServiceCollection AddPostgresLog(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<Migrator>()
            .AddSingleton<DatabaseClock>()
            .AddSingleton<SubmitStatement>()
            .AddSingleton<CommitStatement>()
            .AddSingleton<OutboxStatements>()
            .AddSingleton<ReadStatements>()
            .AddSingleton<SettledPositions>()
            .AddSingleton<RetentionStatements>()
            .AddSingleton<RepeatStatement>()
            .AddSingleton<WaitingStatements>()
            .AddSingleton<IRequestLog, PostgresLog>()
            .AddSingleton<ILogUpkeep, PostgresUpkeep>()
            .AddSingleton<IWholeLog, PostgresWholeLog>()
            .AddSingleton<IRequestSearch, SearchStatement>()
            .AddOptions();
    }

    public static LogDatabase Connect(
        string connectionString, string? schema = null, Action<NpgsqlDataSourceBuilder>? configure = null, string? views = null)
    {
        var source = new NpgsqlDataSourceBuilder(Settle(connectionString, schema, views));
        configure?.Invoke(source);
        return new(source.Build(), schema, views);
    }

    private static string Settle(string connectionString, string? schema, string? views)
    {
        if (schema is not null && !SchemaName().IsMatch(schema))
            throw new ArgumentException($"'{schema}' cannot name the schema: up to 63 lower case letters, digits and underscores, the first a letter.", nameof(schema));
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 40,
            AutoPrepareMinUsages = 2,
            Timeout = 5,
            CommandTimeout = 35,
            KeepAlive = 10,
            ApplicationName = "AspireFeedback.Web",
            // The cursors of the live feed rely on no statement of ours running longer than this. Every statement of ours finds its rows by
            // an index, also in a table that has grown since it was last analyzed, and has one plan: planning costs more than most of them.
            Options = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s -c enable_seqscan=off -c plan_cache_mode=force_generic_plan"
                + (views is not null ? $" -c search_path={views},{schema ?? "public"}" : schema is null ? "" : $" -c search_path={schema}"),
        };
        if (!new NpgsqlConnectionStringBuilder(connectionString).ContainsKey("Maximum Pool Size"))
            settings.MaxPoolSize = 40;
        return settings.ConnectionString;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SchemaName();
}
