using AspireFeedback.Web.Log.Marten;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace AspireFeedback.Tests.Log.Marten;

internal sealed class OnMarten : LogImplementation
{
    public static OnMarten Instance { get; } = new();

    public override IServiceCollection AddTo(IServiceCollection services, string connectionString) => services
        .AddSingleton(_ => PostgresLogSetup.Connect(connectionString, views: MartenLogSetup.SchemaOf(null))).AddPostgresLog().AddMartenLog();

    public override Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<MartenSchema>().ApplyAsync(cancellationToken);
}
