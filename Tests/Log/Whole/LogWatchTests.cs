using System.Diagnostics.Metrics;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Log.Whole;

public class LogWatchTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Fact]
    public async Task The_metrics_show_how_far_the_log_is_and_that_an_open_transaction_holds_back_its_readers()
    {
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = meters.GetRequiredService<IMeterFactory>();
        using var watch = new LogWatch(Services.GetRequiredService<IWholeLog>(), factory, TimeProvider.System, NullLogger<LogWatch>.Instance);
        var figures = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == factory)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, figure, _, _) => figures[instrument.Name] = figure);
        listener.SetMeasurementEventCallback<double>((instrument, figure, _, _) => figures[instrument.Name] = figure);
        listener.Start();
        listener.RecordObservableInstruments();
        figures.ShouldBeEmpty("nothing is known yet");

        await AcceptAsync();
        await LookAsync();
        (figures["feedback.log.position"], figures["feedback.log.held_back"]).ShouldBe((1, 0));

        await using var slow = await OpenWriter.StartAsync(Database);
        await slow.WriteAsync();
        await AcceptAsync();
        await LookAsync();
        figures["feedback.log.position"].ShouldBe(3);
        figures["feedback.log.held_back"].ShouldBeGreaterThan(0);
        await slow.CommitAsync();
        await LookAsync();
        figures["feedback.log.held_back"].ShouldBe(0);

        async Task LookAsync()
        {
            await watch.RunOnceAsync(Cancellation);
            listener.RecordObservableInstruments();
        }
    }
}
