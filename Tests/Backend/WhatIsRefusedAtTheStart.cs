using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class WhatIsRefusedAtTheStart
{
    [Fact]
    public void Two_handlers_for_one_kind()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        Should.Throw<InvalidOperationException>(() => builder.AddRequestHandling(handling =>
        {
            handling.Add<JobHandler>(Worker.Plain, 1);
            handling.Add<JobHandler>(Worker.Plain, 2);
        })).Message.ShouldContain("'job'");
    }

    [Fact]
    public void A_handler_of_something_else()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        Should.Throw<ArgumentException>(() => builder.AddRequestHandling(handling => handling.Add<JobHandler>(Kinds.Echo, 1)))
            .Message.ShouldContain("JobHandler cannot handle 'echo': it must implement IRequestHandler<EchoRequest, EchoResult>");
        Should.Throw<ArgumentException>(() => builder.AddRequestHandling(handling => handling.Add<JobHandler>(Worker.Plain, 1, permanent: [typeof(Job)])))
            .Message.ShouldContain("Job is no exception");
        Should.Throw<InvalidOperationException>(() => builder.AddRequestHandling(_ => { }));
    }

    [Fact]
    public void An_impossible_setting_by_its_key()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("Handling:ShutdownGrace", "-00:00:01")]);
        builder.Services.AddSingleton<AspireFeedback.Messaging.ITransport, InMemoryTransport>();
        builder.Services.AddHandling(HealthStatus.Degraded);

        var refusal = Should.Throw<OptionsValidationException>(() => builder.Build().Start());
        refusal.Message.ShouldContain("Handling:ShutdownGrace");
    }
}
