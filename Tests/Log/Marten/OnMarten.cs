using AspireFeedback.Web.Log.Marten;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AspireFeedback.Tests.Log.Marten;

internal sealed class OnMarten : LogImplementation
{
    public static OnMarten Instance { get; } = new();

    public override IServiceCollection AddTo(IServiceCollection services, string connectionString) => services
        .AddSingleton(_ => PostgresLogSetup.Connect(connectionString, views: MartenLogSetup.SchemaOf(null))).AddPostgresLog().AddMartenLog();

    public override void AddTo(IHostApplicationBuilder builder) => builder.AddMartenLog();

    public override async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Migrator>().MigrateAsync(cancellationToken);
        await services.GetRequiredService<MartenSchema>().ApplyAsync(cancellationToken);
        using var insert = new StreamReader(typeof(OnMarten).Assembly.GetManifestResourceStream("AspireFeedback.Tests.Log.Marten.Insert.sql")!);
        await using var command = services.GetRequiredService<LogDatabase>().CreateCommand(await insert.ReadToEndAsync(cancellationToken));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override string UpdateState(string expression, string where) => $"""
        update mt_doc_request m set data = jsonb_set(m.data, array['state'], to_jsonb({expression})) from requests where requests.id = m.id and {where}
        """;
}
