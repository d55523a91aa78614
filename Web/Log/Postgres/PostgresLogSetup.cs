using Npgsql;

namespace AspireFeedback.Web.Log.Postgres;

internal static class PostgresLogSetup
{
    /// <summary>The request log on the PostgreSQL database of connection string <c>feedback</c>.</summary>
    public static IHostApplicationBuilder AddPostgresLog(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.Configuration.GetConnectionString("feedback")
            ?? throw new InvalidOperationException("ConnectionStrings:feedback is missing: the PostgreSQL database of the request log.");
        builder.Services.AddSingleton(Connect(connectionString));
        builder.Services.AddPostgresLog().AddHostedService<SchemaStart>();
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section)
            .Validate(options => options.IsValid(), $"{RetentionOptions.Section}:Period must be from 24 hours to ten years.")
            .ValidateOnStart();
        return builder;
    }

    public static IServiceCollection AddPostgresLog(this IServiceCollection services) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Migrator>()
        .AddSingleton<DatabaseClock>()
        .AddSingleton<SubmitStatement>()
        .AddSingleton<CommitStatement>()
        .AddSingleton<OutboxStatements>()
        .AddSingleton<ReadStatements>()
        .AddSingleton<RetentionStatements>()
        .AddSingleton<RepeatStatement>()
        .AddSingleton<WaitingStatements>()
        .AddSingleton<IRequestLog, PostgresLog>()
        .AddSingleton<ILogUpkeep, PostgresUpkeep>()
        .AddSingleton<IRequestSearch, SearchStatement>()
        .AddOptions();

    public static NpgsqlDataSource Connect(string connectionString)
    {
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
            Options = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s -c enable_seqscan=off -c plan_cache_mode=force_generic_plan",
        };
        if (!new NpgsqlConnectionStringBuilder(connectionString).ContainsKey("Maximum Pool Size"))
            settings.MaxPoolSize = 40;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
