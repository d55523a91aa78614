using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class AppHostInProcessTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_whole_AppHost_runs_inside_a_test_and_leaves_nothing_behind()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_deadline);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(deadline.Token);
        await using var app = await builder.BuildAsync(deadline.Token);
        await app.StartAsync(deadline.Token);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("feedback", deadline.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", deadline.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("messaging", deadline.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("web", deadline.Token);

        await using var connection = new NpgsqlConnection(await app.GetConnectionStringAsync("feedback", deadline.Token));
        await connection.OpenAsync(deadline.Token);
        using var client = app.CreateHttpClient("web");
        using var answer = await client.GetAsync(new Uri("/nowhere", UriKind.Relative), deadline.Token);
        answer.ShouldNotBeNull();
        app.Replicas("web").Count.ShouldBe(2);
        app.Replicas("backend").Count.ShouldBe(2);
    }
}
