using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class WhatASlowRunReports
{
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HandlerContextOf _running = new(null!);

    [Fact]
    public async Task Its_start_after_50_ms_at_most()
    {
        await using var worker = await StartAsync();

        worker.Time.Advance(TimeSpan.FromMilliseconds(20));
        worker.Time.Advance(TimeSpan.FromMilliseconds(30));
        await worker.UntilAsync(() => worker.Reports.Count == 1);

        worker.Reports[0].Started.ShouldNotBeNull();
        worker.Reports[0].Outcome.ShouldBeNull();
        worker.Broker.Journal.ShouldNotContain("acknowledge");
    }

    [Fact]
    public async Task Progress_every_100_ms_at_most_and_the_latest_wins()
    {
        await using var worker = await StartAsync();
        var began = worker.Time.GetUtcNow();
        for (var i = 1; i <= 100; i++)
        {
            _running.Context.Report(i, $"step {i}");
            if (i % 10 == 0)
                await worker.UntilAsync(() => worker.Reports.Count == i / 10, clockStep: 20);
        }

        worker.Reports.Select(x => x.Progress!.Percent).ShouldBe([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
        (worker.Time.GetUtcNow() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(900));
        _finish.SetResult();
        await worker.SettledAsync();
        worker.Reports[^1].Progress.ShouldBeNull();
        worker.Reports[^1].Outcome.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_it_said_last_of_each_even_if_it_said_them_apart()
    {
        await using var worker = await StartAsync();
        _running.Context.Report(message: "reading");
        _running.Context.Report(percent: 10);
        _finish.SetResult();
        await worker.SettledAsync();

        worker.Reports.ShouldHaveSingleItem().Progress.ShouldBe(new RunProgress(1, 10, "reading"));
    }

    [Fact]
    public async Task A_heartbeat_every_third_of_the_lease_while_it_is_silent()
    {
        await using var worker = await StartAsync();
        for (var beats = 1; beats <= 3; beats++)
        {
            worker.Time.Advance(TimeSpan.FromSeconds(9.5));
            await worker.UntilAsync(() => worker.Broker.Reports.Count(x => x.Type == MessageTypes.Heartbeat) == beats, clockStep: 20);
        }

        var silent = worker.Time.GetUtcNow() - new ManualTime().GetUtcNow();
        silent.ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(38));
        worker.Broker.Reports[^1].Run.ShouldBe(worker.Broker.Reports[0].Run);
    }

    [Fact]
    public async Task Nothing_after_its_outcome()
    {
        await using var worker = await StartAsync();
        _finish.SetResult();
        await worker.SettledAsync();

        _running.Context.Report(99);
        _running.Context.Emit("late");
        worker.Time.Advance(TimeSpan.FromMinutes(2));
        await Task.Yield();

        worker.Broker.Reports.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Output_in_pieces_of_bounded_size_cut_after_a_million_characters()
    {
        await using var worker = await StartAsync();
        var line = string.Concat(Enumerable.Repeat("0123456789😀", 100)); // pairs of surrogates fall on every kind of border
        for (var i = 0; i < 1000; i++)
            _running.Context.Emit(line);
        _finish.SetResult();
        await worker.SettledAsync();

        worker.Broker.Reports.ShouldAllBe(x => x.Body.Length < 1_000_000);
        var output = worker.Reports.SelectMany(x => x.Output ?? []).ToList();
        output.Select(x => x.Index).ShouldBe(Enumerable.Range(0, output.Count));
        var text = string.Concat(output.Select(x => x.Chunk));
        text.ShouldEndWith("[The output is cut here.]");
        text.Length.ShouldBeInRange(1_000_000, 1_000_100);
        text.ShouldNotContain('\ufffd');
        worker.Outcomes.ShouldHaveSingleItem();
    }

    private async Task<Worker> StartAsync()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = await Worker.StartAsync(async (_, context, token) =>
        {
            _running = new(context);
            started.SetResult();
            await _finish.Task.WaitAsync(token);
            return new("done");
        });
        worker.Publish();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return worker;
    }

    private sealed record HandlerContextOf(AspireFeedback.Backend.Handling.HandlerContext Context);
}
