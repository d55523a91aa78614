using AspireFeedback.Tests.Backend;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Policies;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Policies;

public sealed class PolicyRoundsTests
{
    private static readonly Exception Away = new LogUnavailableException("PostgreSQL cannot be reached.", new IOException());

    private readonly ManualTime _time = new();
    private readonly Lines _lines = new();

    [Fact]
    public async Task An_outage_is_told_once_and_so_is_its_end()
    {
        using var policy = await RunAsync(Away, Away, Away, null, null, Away);

        _lines.All.ShouldBe([(1401, LogLevel.Warning), (1403, LogLevel.Information), (1401, LogLevel.Warning)]);
        policy.Outages.ShouldBe(4);
    }

    [Fact]
    public async Task A_defect_is_told_each_time_and_the_next_round_comes()
    {
        using var policy = await RunAsync(new InvalidOperationException(), new OperationCanceledException(), null);

        _lines.All.ShouldBe([(1402, LogLevel.Error), (1402, LogLevel.Error)]);
        policy.Outages.ShouldBe(0);
    }

    /// <summary>One round for each outcome; the clock is moved until all have been.</summary>
    private async Task<Scripted> RunAsync(params Exception?[] outcomes)
    {
        var policy = new Scripted(outcomes, _time, _lines);
        await policy.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return policy.Rounds > outcomes.Length;
        });
        await policy.StopAsync(TestContext.Current.CancellationToken);
        policy.ExecuteTask!.IsFaulted.ShouldBeFalse();
        return policy;
    }

    private sealed class Scripted(Exception?[] outcomes, TimeProvider time, ILogger logger) : PolicyRounds("The test", TimeSpan.FromSeconds(1), time, logger)
    {
        public int Rounds { get; private set; }

        public int Outages { get; private set; }

        /// <summary>A round more than outcomes, so that the last of them has been told.</summary>
        protected override Task RoundAsync(CancellationToken cancellationToken)
        {
            var round = Rounds++;
            return round < outcomes.Length ? outcomes[round] is { } e ? Task.FromException(e) : Task.CompletedTask : Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override void OnOutage() => Outages++;
    }

    private sealed class Lines : ILogger
    {
        private readonly List<(int Id, LogLevel Level)> _lines = [];

        public IReadOnlyList<(int Id, LogLevel Level)> All => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add((eventId.Id, logLevel));
    }
}
