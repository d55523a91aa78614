using AspireFeedback.Tests.EndToEnd;
using MassTransit;

namespace AspireFeedback.Tests.Foreign;

public sealed class MassTransitBackendTests(RunningSystem system) : ForeignBackendTest(system)
{
    protected override string WorkerPrefix => "masstransit/";

    protected override async Task<IAsyncDisposable> StartAsync(string broker)
    {
        var bus = MassTransitBackend.Create(new(broker));
        await bus.StartAsync(TimeSpan.FromSeconds(30));
        return new Running(bus);
    }

    private sealed class Running(IBusControl bus) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await bus.StopAsync(TimeSpan.FromSeconds(2));
    }
}
