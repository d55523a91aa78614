using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Log;

/// <summary>A log on a database of its own, as two replicas would share it.</summary>
public abstract class LogOnPostgres(PostgresServer postgres) : IAsyncLifetime
{
    private ServiceProvider? _services;
    private protected IRequestLog Log => _services!.GetRequiredService<IRequestLog>();
    private protected ILogUpkeep Upkeep => _services!.GetRequiredService<ILogUpkeep>();
    private protected IServiceProvider Services => _services!;
    private protected string ConnectionString { get; private set; } = "";
    private protected LogDatabase Database => _services!.GetRequiredService<LogDatabase>();
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync(Cancellation);
        _services = Implementation.AddTo(new ServiceCollection().AddLogging(), ConnectionString).BuildServiceProvider();
        await Implementation.PrepareAsync(_services, Cancellation);
    }

    /// <summary>What stands in <c>Tests/Log/Marten</c> runs the same tests on another one.</summary>
    private protected virtual LogImplementation Implementation => LogImplementation.Postgres;

    /// <summary>What is tested is how PostgreSQL's own tables are made, which others do not have.</summary>
    private protected void ForPostgresAlone() => Assert.SkipUnless(Implementation == LogImplementation.Postgres, "about PostgreSQL's own tables");

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static Submission Submit(Guid? id = null, string text = "hi", Guid? owner = null) =>
        new(id ?? Guid.CreateVersion7(), owner ?? Guid.NewGuid(), "echo", Json($$"""{"text":"{{text}}"}"""), $"fingerprint of {text}", null, null, null, null);

    private protected async Task<RequestState> AcceptAsync() => (await Log.SubmitAsync([Submit()], Cancellation))[0].State!;

    private protected async Task<RequestState> LoadAsync(Guid id) => (await Log.LoadAsync([id], Cancellation)).ById[id];

    private protected Task ExecuteAsync(string sql) => Database.CreateCommand(sql).ExecuteNonQueryAsync(Cancellation);

    private protected async Task<long> CountAsync(string table) => (long)(await Database.CreateCommand($"select count(*) from {table}").ExecuteScalarAsync(Cancellation))!;

    /// <summary>What has been silent for so long, of any kind.</summary>
    private protected Task<IReadOnlyList<SilentRun>> FindSilentAsync(TimeSpan silence, int limit = 10) =>
        Log.FindSilentAsync(new Dictionary<string, TimeSpan>(), silence, limit, Cancellation);

    private protected Task<RequestState> AppendAsync(Guid id, RequestCommand command) => AppendAsync(Log, id, command);

    private protected static async Task<RequestState> AppendAsync(IRequestLog log, Guid id, RequestCommand command)
    {
        while (true)
        {
            var snapshots = await log.LoadAsync([id], Cancellation);
            var before = snapshots.ById[id];
            var commit = Commit.Of(before, RequestDecisions.Decide(before, command, Policy, snapshots.Now).Events, snapshots.Now);
            if ((await log.CommitAsync([commit], Cancellation))[0].Committed)
                return commit.After;
        }
    }
}
