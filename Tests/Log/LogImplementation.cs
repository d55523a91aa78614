using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AspireFeedback.Tests.Log;

/// <summary>A log behind <c>IRequestLog</c> and its neighbours, for tests that are written once for all of them.</summary>
internal abstract class LogImplementation
{
    public static LogImplementation Postgres { get; } = new OnPostgres();

    public abstract IServiceCollection AddTo(IServiceCollection services, string connectionString);

    /// <summary>As an application of its own has it: with its schema, and what keeps it going.</summary>
    public abstract void AddTo(IHostApplicationBuilder builder);

    /// <summary>Brings up what the database of a test does not have yet.</summary>
    public abstract Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>SQL that changes the text of a snapshot's state, as no step does.</summary>
    public abstract string UpdateState(string expression, string where);

    private sealed class OnPostgres : LogImplementation
    {
        public override IServiceCollection AddTo(IServiceCollection services, string connectionString) =>
            services.AddSingleton(_ => PostgresLogSetup.Connect(connectionString)).AddPostgresLog();

        public override void AddTo(IHostApplicationBuilder builder) => builder.AddPostgresLog();

        public override Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

        public override string UpdateState(string expression, string where) => $"update requests set state = {expression} where {where}";
    }
}
