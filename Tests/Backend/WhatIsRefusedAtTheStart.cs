using AspireFeedback.Backend.Handling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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
        var services = new ServiceCollection().AddHandler<JobHandler, Job, JobDone>(Worker.Plain, 1);

        Should.Throw<InvalidOperationException>(() => services.AddHandler<JobHandler, Job, JobDone>(Worker.Plain, 1)).Message.ShouldContain("job");
    }

    [Fact]
    public void An_impossible_setting_by_its_key()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("Handling:ShutdownGrace", "-00:00:01")]);
        builder.Services.AddSingleton<AspireFeedback.Messaging.ITransport, InMemoryTransport>();
        builder.Services.AddHandling();

        var refusal = Should.Throw<OptionsValidationException>(() => builder.Build().Start());
        refusal.Message.ShouldContain("Handling:ShutdownGrace");
    }
}
