using System.Net;
using AspireFeedback.Tests.Backend;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

/// <summary>Where counting takes long it is done seldom; a limit that has been reached must not open meanwhile.</summary>
public sealed class SlowCountTests
{
    private static readonly IPAddress Address = IPAddress.Loopback;
    private readonly ManualTime _time = new();
    private readonly Guid _owner = Guid.NewGuid();
    private readonly SlowUpkeep _log;
    private readonly OpenRequests _open;
    private readonly UnsentMessages _unsent;
    private readonly AdmissionCounts _counts;

    public SlowCountTests()
    {
        _log = new(_time);
        var options = Options.Create(new AdmissionOptions { OpenPerOwner = 10, Unsent = 10 });
        (_open, _unsent) = (new(_log, options, _time), new(_log, options, _time));
        _counts = new(_open, _unsent, _time, NullLogger<AdmissionCounts>.Instance);
    }

    [Fact]
    public async Task A_limit_stays_closed_until_the_next_count()
    {
        await CountAsync();

        _time.Advance(TimeSpan.FromSeconds(75));
        (_unsent.AreTooMany(), _open.TryBegin(_owner, Address)).ShouldBe((true, false));
        _time.Advance(TimeSpan.FromSeconds(90));
        (_unsent.AreTooMany(), _open.TryBegin(_owner, Address)).ShouldBe((false, true), "an old count ends a limit all the same");
    }

    [Fact]
    public async Task Also_when_the_next_one_did_not_get_to_its_end()
    {
        await CountAsync();
        _log.Takes = TimeSpan.FromMilliseconds(1);
        await CountAsync();
        (_log.Takes, _log.Fails) = (TimeSpan.FromSeconds(4), true);
        await Should.ThrowAsync<LogUnavailableException>(CountAsync());

        _time.Advance(TimeSpan.FromSeconds(75));
        (_unsent.AreTooMany(), _open.TryBegin(_owner, Address)).ShouldBe((true, false));
    }

    [Fact]
    public async Task A_quick_count_is_outdated_soon()
    {
        _log.Takes = TimeSpan.FromMilliseconds(1);
        await CountAsync();

        _time.Advance(TimeSpan.FromSeconds(31));
        (_unsent.AreTooMany(), _open.TryBegin(_owner, Address)).ShouldBe((false, true));
    }

    private Task CountAsync()
    {
        if (_open.TryBegin(_owner, Address))
            _open.Settle(_owner, Address, accepted: false);
        _unsent.AreTooMany();
        return _counts.RunOnceAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Far above every limit, and slow to tell.</summary>
    private sealed class SlowUpkeep(ManualTime time) : ILogUpkeep
    {
        public TimeSpan Takes { get; set; } = TimeSpan.FromSeconds(2);

        public bool Fails { get; set; }

        public Task<int> CountUnsentAsync(int most, CancellationToken cancellationToken) => Task.FromResult(Slowly(most));

        public Task<IReadOnlyDictionary<Guid, int>> CountOpenAsync(IReadOnlyCollection<Guid> owners, int most, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<Guid, int>>(owners.ToDictionary(owner => owner, _ => Slowly(most)));

        public Task<int> PromiseAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> BuryAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Guid>> RemoveBuriedAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> RemoveEventsAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> ForgetAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<RepeatedDispatch>> RepeatDispatchesAsync(
            IReadOnlyCollection<string> kinds, TimeSpan patience, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<WaitingSample>> SampleWaitingAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private int Slowly(int most)
        {
            time.Advance(Takes);
            return Fails ? throw new LogUnavailableException("57014", new TimeoutException()) : most;
        }
    }
}
