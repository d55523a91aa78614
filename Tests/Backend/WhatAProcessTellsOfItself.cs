using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using AspireFeedback.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class WhatAProcessTellsOfItself
{
    [Fact]
    public async Task That_it_takes_work_and_when_it_does_not_any_more()
    {
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone("")));
        await worker.UntilAsync(() => worker.Broker.Journal.Contains("take job") && worker.Services.GetRequiredService<Intake>().IsTaking);
        (await HealthAsync(worker.Services)).ShouldBe(HealthStatus.Healthy);

        worker.Broker.Connect(false);
        (await HealthAsync(worker.Services)).ShouldBe(HealthStatus.Degraded);
    }

    [Theory]
    [InlineData(null, HealthStatus.Degraded)] // it may serve something else too
    [InlineData(HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    public async Task What_it_is_without_work(HealthStatus? chosen, HealthStatus told)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:messaging", "amqp://localhost")]);
        builder.AddRequestHandling(handling =>
        {
            handling.Add<JobHandler>(Worker.Plain, 1);
            handling.HealthWithoutWork = chosen ?? handling.HealthWithoutWork;
        });
        var broker = new InMemoryTransport();
        builder.Services.AddSingleton<ITransport>(broker);
        using var host = builder.Build();

        (await HealthAsync(host.Services)).ShouldBe(told); // not started, so nothing is taken
        broker.Connect(false);
        (await HealthAsync(host.Services)).ShouldBe(told);
        (await HealthAsync(host.Services, check => !check.Tags.Contains("ready"))).ShouldBe(HealthStatus.Healthy);
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public async Task That_nobody_takes_over_from_a_dead_worker(bool longRunning, bool takeover, bool warns)
    {
        using var warnings = new Warnings();
        var kind = new Kind<Job, JobDone>("job", new() { LongRunning = longRunning, Takeover = takeover });
        await using var worker = await Worker.StartAsync(
            (_, _, _) => Task.FromResult(new JobDone("")), kind, configure: services => services.AddLogging(logging => logging.AddProvider(warnings)));
        await worker.UntilAsync(() => worker.Services.GetRequiredService<Intake>().IsTaking);

        warnings.Of(nameof(Intake)).Count(text => text.StartsWith("job is long-running without takeover", StringComparison.Ordinal)).ShouldBe(warns ? 1 : 0);
    }

    private static async Task<HealthStatus> HealthAsync(IServiceProvider services, Func<HealthCheckRegistration, bool>? which = null) =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(which, TestContext.Current.CancellationToken)).Status;
}
