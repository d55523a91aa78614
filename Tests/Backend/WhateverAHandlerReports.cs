using System.Text.Json;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

/// <summary>Random handlers on a random broker: the sends fail at random, and some of those that failed have arrived.</summary>
public sealed class WhateverAHandlerReports
{
    private static readonly Gen<Step> _step = Gen.OneOf(
        Gen.Choose(0, 100).Select(x => new Step(Do.Percent, x)),
        Gen.Choose(0, 5).Select(x => new Step(Do.Message, x)),
        Gen.Frequency((9, Gen.Choose(0, 50)), (1, Gen.Choose(10_000, 200_000))).Select(x => new Step(Do.Emit, x)),
        Gen.Choose(1, 300).Select(x => new Step(Do.Wait, x)),
        Gen.Choose(1, 4).Select(x => new Step(Do.LoseSends, x)),
        Gen.Choose(1, 4).Select(x => new Step(Do.LoseConfirms, x)));

    [Fact]
    public async Task Its_story_arrives_complete_in_order_and_with_one_end()
    {
        foreach (var script in _step.ArrayOf().Sample(100, 60))
            await TellAsync(script);
    }

    private static async Task TellAsync(Step[] script)
    {
        var arrived = new List<RunReport>();
        var (lostSends, lostConfirms) = (0, 0);
        var emitted = new System.Text.StringBuilder();
        (double? Percent, string? Message) last = default;
        var finished = false;
        Worker? worker = null;
        worker = await Worker.StartAsync(async (_, context, token) =>
        {
            foreach (var (action, value) in script)
            {
                switch (action)
                {
                    case Do.Percent:
                        context.Report(value);
                        last.Percent = value;
                        break;
                    case Do.Message:
                        context.Report(message: $"message {value}");
                        last.Message = $"message {value}";
                        break;
                    case Do.Emit:
                        var chunk = string.Concat(Enumerable.Range(0, value / 5).Select(x => $"{x % 1000:000}😀"));
                        context.Emit(chunk);
                        emitted.Append(chunk);
                        break;
                    case Do.Wait:
                        for (var passed = 0; passed < value; passed += 20)
                        {
                            worker!.Time.Advance(TimeSpan.FromMilliseconds(20));
                            await Task.Yield();
                        }
                        await Task.Delay(1, token); // real time for sends that are under way
                        break;
                    case Do.LoseSends:
                        lostSends = value;
                        break;
                    case Do.LoseConfirms:
                        lostConfirms = value;
                        break;
                }
            }
            finished = true;
            return new("done");
        });
        await using var _ = worker;
        worker.Broker.OnReport = (message, _) =>
        {
            if (message.Type != MessageTypes.Report)
                return Task.CompletedTask;
            if (lostSends-- > 0)
                throw new TransportUnavailableException("not sent");
            arrived.Add(JsonSerializer.Deserialize<RunReport>(message.Body.Span, FeedbackJson.Options)!);
            return lostConfirms-- > 0 ? throw new TransportUnavailableException("sent, but not confirmed") : Task.CompletedTask;
        };
        worker.Publish();
        await worker.UntilAsync(() => finished);
        await worker.SettledAsync(clockStep: 1000);

        var story = $"after {string.Join(", ", script.Select(x => $"{x.Action} {x.Value}"))}";
        var sequences = arrived.Where(x => x.Progress is not null).Select(x => x.Progress!.Sequence).ToList();
        sequences.ShouldBe(sequences.Distinct().Order().ToList(), story);
        arrived.LastOrDefault(x => x.Progress is not null)?.Progress.ShouldBe(new(sequences[^1], last.Percent, last.Message), story);
        (sequences.Count == 0).ShouldBe(last == default, story);
        arrived.SkipWhile(x => x.Outcome is null).ShouldAllBe(x => x.Outcome != null, story);
        worker.Outcomes.ShouldHaveSingleItem(story);
        arrived.Select(x => x.Started).OfType<RunStarted>().Distinct().ShouldHaveSingleItem(story);

        var chunks = arrived.SelectMany(x => x.Output ?? []).GroupBy(x => x.Index).OrderBy(x => x.Key).ToList();
        chunks.Select(x => x.Key).ShouldBe(Enumerable.Range(0, chunks.Count), story);
        chunks.ShouldAllBe(x => x.Distinct().Count() == 1, story);
        var expected = emitted.Length <= ReportBuffer.MaxOutputPerRun
            ? emitted.ToString()
            : emitted.ToString(0, ReportBuffer.MaxOutputPerRun) + ReportBuffer.CutNote;
        (string.Concat(chunks.Select(x => x.First().Chunk)) == expected).ShouldBeTrue(story);
    }

    private enum Do
    {
        Percent,
        Message,
        Emit,
        Wait,
        LoseSends,
        LoseConfirms,
    }

    private sealed record Step(Do Action, int Value);
}
