using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.ServiceDefaults;

/// <summary>Runs alone: every tracer provider of the process hears every span, and one that samples it samples it for all.</summary>
[CollectionDefinition(nameof(SamplerTests), DisableParallelization = true)]
[Collection(nameof(SamplerTests))]
public sealed class SamplerTests
{
    [Theory]
    [InlineData("traceidratio", "0", false)]
    [InlineData("always_on", "", true)]
    public async Task The_sampler_of_the_environment_is_honoured(string sampler, string argument, bool sampled)
    {
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/", () => Activity.Current is { Recorded: true }),
            settings: [("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", argument)]);
        using var client = app.Client();

        var (response, _) = await client.SendTracedAsync(HttpMethod.Get, "/");

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(sampled ? "true" : "false");
    }
}
