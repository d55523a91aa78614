using Aspire.Hosting;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class ServerTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public ServerTests() => _deadline.CancelAfter(TimeSpan.FromMinutes(2));

    [Fact]
    public async Task A_killed_PostgreSQL_comes_back_with_its_port_and_data()
    {
        await using var app = await StartAsync(builder => builder.AddPostgres("postgres").AddDatabase("things"));
        await app.ResourceNotifications.WaitForResourceHealthyAsync("things", _deadline.Token);
        await ExecuteAsync(app, "create table kept (id int)");
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
            (await ExecuteAsync(app, $"show {setting}")).ShouldBe("on");
        var server = app.Server("postgres");
        var url = server.Url;

        await server.KillAsync(_deadline.Token);
        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(app, "select 1"));
        await server.StartAsync(_deadline.Token);

        server.Url.ShouldBe(url);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("things", _deadline.Token);
        await ExecuteAsync(app, "select * from kept");
    }

    [Fact]
    public async Task Redis_is_stopped_paused_and_started()
    {
        await using var app = await StartAsync(builder => builder.AddRedis("redis"));
        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", _deadline.Token);
        var redis = app.Server("redis");

        await redis.StopAsync(_deadline.Token);
        redis.ProcessId.ShouldBeNull();
        await redis.StartAsync(_deadline.Token);
        await redis.PauseAsync();
        await app.ResourceNotifications.WaitForResourceAsync("redis", e => !e.Snapshot.IsHealthy, _deadline.Token);
        await redis.ContinueAsync();

        await redis.WaitUntilHealthyAsync(_deadline.Token);
        app.LogsOf("redis").ShouldContain("Ready to accept connections");
    }

    [Fact]
    public async Task RabbitMQ_has_no_plugins_to_look_through_unless_it_is_managed()
    {
        await using var bare = await StartAsync(builder => builder.AddRabbitMQ("messaging"));
        await bare.ResourceNotifications.WaitForResourceHealthyAsync("messaging", _deadline.Token);
        await bare.Server("messaging").KillAsync(_deadline.Token);
        await bare.Server("messaging").StartAsync(_deadline.Token);
        await bare.ResourceNotifications.WaitForResourceHealthyAsync("messaging", _deadline.Token);

        bare.LogsOf("messaging").ShouldContain("Server startup complete; 0 plugins started.");
        var links = Directory.EnumerateFileSystemEntries(Path.Combine(bare.ApplicationRun.Data!.Of("messaging"), "home", "plugins")).Select(Path.GetFileName).ToList();
        links.ShouldContain(name => name!.StartsWith("rabbit-"));
        links.ShouldContain(name => name!.StartsWith("rabbitmq_prelaunch-"));
        links.ShouldNotContain(name => name!.StartsWith("rabbitmq_management"));
    }

    [Fact]
    public async Task A_server_given_from_outside_is_not_started()
    {
        await using var app = await StartAsync(builder => builder.AddRedis("redis"), "--ConnectionStrings:redis=elsewhere:6379");

        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", _deadline.Token);

        (await app.GetConnectionStringAsync("redis", _deadline.Token)).ShouldBe("elsewhere:6379");
        Should.Throw<ArgumentException>(() => app.Replicas("redis"));
    }

    [Fact]
    public async Task A_server_is_not_started_when_each_of_its_databases_is_given_from_outside()
    {
        await using var app = await StartAsync(builder => builder.AddPostgres("postgres").AddDatabase("things"), "--ConnectionStrings:things=Host=elsewhere");

        await app.ResourceNotifications.WaitForResourceHealthyAsync("things", _deadline.Token);

        (await app.GetConnectionStringAsync("things", _deadline.Token)).ShouldBe("Host=elsewhere");
        Should.Throw<ArgumentException>(() => app.Replicas("postgres"));
    }

    [Fact]
    public async Task A_generated_secret_is_given_to_whoever_needs_it_and_a_configured_one_wins()
    {
        await using var generated = await StartAsync(builder => builder.AddParameter("key", secret: true));
        await using var configured = await StartAsync(builder => builder.AddParameter("key", secret: true), "--Parameters:key=mine");

        generated.ApplicationRun.Resources.OfType<Aspire.Hosting.ApplicationModel.ParameterResource>().Single().Value!.Length.ShouldBe(22);
        configured.ApplicationRun.Resources.OfType<Aspire.Hosting.ApplicationModel.ParameterResource>().Single().Value.ShouldBe("mine");
    }

    [Fact]
    public async Task A_parameter_that_is_no_secret_needs_a_value()
    {
        (await Should.ThrowAsync<DistributedApplicationException>(() => StartAsync(builder => builder.AddParameter("key")))).Message
            .ShouldBe("The parameter 'key' has no value. Give it one with --Parameters:key=…");
    }

    [Fact]
    public async Task A_connection_string_is_given_in_the_variable_that_was_asked_for_and_a_missing_one_is_named()
    {
        await using var app = await StartAsync(
            builder =>
            {
                builder.AddProject<SampleProject>("given").WithReference(builder.AddConnectionString("other", "OTHER_DB"));
                builder.AddProject<SampleProject>("missing").WithReference(builder.AddConnectionString("nothing"));
            },
            "--ConnectionStrings:other=Host=elsewhere");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("given", _deadline.Token);

        (await SampleApplication.AskAsync(app.Server("given"), "/environment/OTHER_DB", _deadline.Token)).ShouldBe("Host=elsewhere");
        (await Should.ThrowAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("missing", _deadline.Token))).Message
            .ShouldEndWith("'missing' needs ConnectionStrings:nothing, which is not configured.");
    }

    public void Dispose() => _deadline.Dispose();

    private async Task<DistributedApplication> StartAsync(Action<IDistributedApplicationBuilder> describe, params string[] arguments)
    {
        var builder = DistributedApplicationTestingBuilder.Create(arguments);
        describe(builder);
        var app = await builder.BuildAsync(_deadline.Token);
        await app.StartAsync(_deadline.Token);
        return app;
    }

    private async Task<object?> ExecuteAsync(DistributedApplication app, string sql)
    {
        await using var connection = new NpgsqlConnection(await app.GetConnectionStringAsync("things", _deadline.Token) + ";Pooling=false");
        await connection.OpenAsync(_deadline.Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(_deadline.Token);
    }
}
