using System.Collections.Concurrent;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Log.Whole;

/// <summary>Positions are given out before the commit: whoever reads in their order must not pass one that comes later.</summary>
public class OrderTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    private IWholeLog Whole => Services.GetRequiredService<IWholeLog>();

    [Fact]
    public async Task What_a_transaction_that_stays_open_may_still_write_is_never_passed()
    {
        var first = await AcceptAsync();
        await using var slow = await OpenWriter.StartAsync(Database);
        var held = await slow.WriteAsync();
        var third = await AcceptAsync(); // a higher position, committed first

        (await PositionsAsync(LogPosition.Start)).ShouldBeEmpty();
        await slow.CommitAsync();

        var events = await Whole.ReadPageAsync(LogPosition.Start, 10, Cancellation);
        events.Select(e => e.Stored.RequestId).ShouldBe([first.Id, held, third.Id]);
        events.Select(e => e.Position.Value).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task The_later_transaction_may_have_the_lower_position()
    {
        await using var early = await OpenWriter.StartAsync(Database);
        await early.TakeIdAsync();
        await using var late = await OpenWriter.StartAsync(Database);
        await late.TakeIdAsync();
        var low = await late.WriteAsync();
        var high = await early.WriteAsync();
        await early.CommitAsync();

        // By transaction ids alone the higher one would be readable now, and the lower one lost for good.
        (await PositionsAsync(LogPosition.Start)).ShouldBeEmpty();
        await late.CommitAsync();

        (await Whole.ReadPageAsync(LogPosition.Start, 10, Cancellation)).Select(e => e.Stored.RequestId).ShouldBe([low, high]);
    }

    [Fact]
    public async Task A_position_that_was_given_back_holds_nobody_up()
    {
        await AcceptAsync();
        await using (var gaveUp = await OpenWriter.StartAsync(Database))
            await gaveUp.WriteAsync();
        await AcceptAsync();

        (await PositionsAsync(LogPosition.Start)).ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Only_who_writes_to_this_log_holds_its_readers_back()
    {
        await using var other = await OpenWriter.StartAsync(Database);
        await other.TakeIdAsync();
        await AcceptAsync();

        (await PositionsAsync(LogPosition.Start)).ShouldBe([1]);
    }

    [Fact]
    public async Task What_was_settled_once_can_be_read_while_a_transaction_stays_open_and_the_delay_is_measured()
    {
        await AcceptAsync();
        await PositionsAsync(LogPosition.Start);
        (await Whole.MeasureAsync(Cancellation)).ShouldBe(new(new(1), TimeSpan.Zero));
        await using var slow = await OpenWriter.StartAsync(Database);
        await slow.WriteAsync();
        await AcceptAsync();

        (await PositionsAsync(LogPosition.Start)).ShouldBe([1]);
        var lag = await Whole.MeasureAsync(Cancellation);
        lag.Newest.ShouldBe(new(3));
        lag.HeldBackFor.ShouldBeGreaterThan(TimeSpan.Zero);
        await slow.CommitAsync();
        (await PositionsAsync(new(1))).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Positions_are_handed_out_one_by_one()
    {
        // A session that took several at once would use low ones after others had used high ones.
        const string cache = "select cache_size from pg_sequences where sequencename = 'request_events_position_seq'";
        (await Database.CreateCommand(cache).ExecuteScalarAsync(Cancellation)).ShouldBe(1L);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_commits_in_whatever_order_readers_see_all_of_it_once_in_one_order(int seed)
    {
        var committed = new ConcurrentDictionary<Guid, bool>();
        using var written = new CancellationTokenSource();
        // Two readers of their own, as in two replicas; one takes small pages, the other all there is.
        var readers = new[] { ReadUntilAsync(7, written.Token), ReadUntilAsync(1000, written.Token) };
        await Task.WhenAll(Enumerable.Range(0, 12).Select(n => WriteManyAsync(new Random(seed * 100 + n), committed)));
        await written.CancelAsync();

        var seen = await Task.WhenAll(readers);
        var all = await PositionsAsync(LogPosition.Start);
        foreach (var events in seen)
        {
            events.Select(e => e.Position.Value).ShouldBe(all, $"seed {seed}");
            events.Select(e => e.Stored.RequestId).ToHashSet().SetEquals(committed.Keys).ShouldBeTrue($"seed {seed}");
        }

        (await CountAsync("request_events")).ShouldBe(all.Count);
    }

    /// <summary>One or several events in a transaction, some of which are rolled back, with pauses before, between and after.</summary>
    private async Task WriteManyAsync(Random random, ConcurrentDictionary<Guid, bool> committed)
    {
        for (var n = 0; n < 25; n++)
        {
            await using var writer = await OpenWriter.StartAsync(Database);
            if (random.Next(2) == 0)
                await writer.TakeIdAsync();
            var ids = new List<Guid>();
            for (var events = random.Next(1, 4); events > 0; events--)
            {
                await Task.Delay(random.Next(4), Cancellation);
                ids.Add(await writer.WriteAsync());
            }

            await Task.Delay(random.Next(10), Cancellation);
            if (random.Next(6) == 0)
                continue;
            await writer.CommitAsync();
            ids.ForEach(id => committed[id] = true);
        }
    }

    private async Task<List<LoggedEvent>> ReadUntilAsync(int page, CancellationToken written)
    {
        await using var services = new ServiceCollection().AddSingleton(Database).AddLogging().AddPostgresLog().BuildServiceProvider();
        var log = services.GetRequiredService<IWholeLog>();
        var seen = new List<LoggedEvent>();
        var position = LogPosition.Start;
        for (var last = false; ;)
        {
            var events = await log.ReadPageAsync(position, page, Cancellation);
            seen.AddRange(events);
            position = events is [.., var newest] ? newest.Position : position;
            if (events.Count == 0 && last)
                return seen;
            last = written.IsCancellationRequested;
        }
    }

    private async Task<List<long>> PositionsAsync(LogPosition after)
    {
        var positions = new List<long>();
        await foreach (var e in Whole.ReadAllAsync(after, Cancellation))
            positions.Add(e.Position.Value);
        return positions;
    }
}
