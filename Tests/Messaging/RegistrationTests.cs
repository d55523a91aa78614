using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public sealed class RegistrationTests
{
    [Fact]
    public async Task An_application_starts_while_the_broker_is_down()
    {
        using var host = Host("amqp://user:secret@localhost:1");

        await host.StartAsync(TestContext.Current.CancellationToken);

        host.Services.GetRequiredService<ITransport>().IsConnected.ShouldBeFalse();
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("localhost:5672")]
    [InlineData("http://user:secret@localhost")]
    public async Task Without_a_usable_connection_string_it_does_not_start_and_names_the_key(string? connectionString)
    {
        using var host = Host(connectionString);

        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        refusal.Message.ShouldContain("ConnectionStrings:messaging");
        refusal.Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ümlaut")]
    public async Task A_kind_that_cannot_name_a_queue_does_not_start(string kind)
    {
        using var host = Host("amqp://user:secret@localhost:1", options => options.Kinds = ["fine", kind]);

        await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    private static IHost Host(string? connectionString, Action<RabbitMqOptions>? configure = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["ConnectionStrings:messaging"] = connectionString;
        builder.Services.AddRabbitMqTransport(configure: configure);
        return builder.Build();
    }
}
