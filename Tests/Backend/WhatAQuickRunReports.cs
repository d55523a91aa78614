using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class WhatAQuickRunReports
{
    [Fact]
    public async Task Start_and_outcome_travel_as_one_message()
    {
        await using var worker = await Worker.StartAsync((_, context, _) =>
        {
            context.Report(50, "half");
            context.Emit("out");
            return Task.FromResult(new JobDone("done"));
        });
        var message = worker.Publish();
        await worker.SettledAsync();

        worker.Broker.Journal.ShouldBe(["control", "take job", "report", "acknowledge"]);
        var report = worker.Reports.ShouldHaveSingleItem();
        report.Started.ShouldBe(new RunStarted("job"));
        report.Worker.ShouldNotBeNullOrEmpty();
        report.Progress.ShouldBe(new RunProgress(1, 50, "half"));
        report.Output.ShouldBe([new RunOutput(0, "out")]);
        report.Outcome.ShouldBeOfType<RunSucceeded>().Result.GetProperty("text").GetString().ShouldBe("done");
        var envelope = worker.Broker.Reports[0];
        (envelope.RequestId, envelope.Attempt, envelope.Hop).ShouldBe((message.RequestId, 1, 1));
        envelope.MessageId.ShouldNotBe(message.MessageId);
        envelope.Run.ShouldNotBeNull();
    }

    [Fact]
    public async Task Nothing_of_the_capability_for_files()
    {
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone("")));
        worker.Publish(x => x with { Files = "http://localhost:1 secret" });
        await worker.SettledAsync();

        worker.Broker.Reports.ShouldHaveSingleItem().Files.ShouldBeNull();
    }

    [Fact]
    public async Task Nul_characters_are_replaced_since_the_log_refuses_them()
    {
        await using var worker = await Worker.StartAsync((_, context, _) =>
        {
            context.Emit("a\0b");
            return Task.FromResult(new JobDone(@"\u0000 and " + "\0"));
        });
        worker.Publish();
        await worker.SettledAsync();

        var report = worker.Reports.ShouldHaveSingleItem();
        report.Output![0].Chunk.ShouldBe("a\ufffdb");
        report.Outcome.ShouldBeOfType<RunSucceeded>().Result.GetProperty("text").GetString().ShouldBe(@"\u0000 and " + "\ufffd");
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(250, 100)]
    [InlineData(33.33333, 33.33)]
    [InlineData(double.PositiveInfinity, 100)]
    public async Task A_percentage_between_0_and_100(double reported, double sent)
    {
        await using var worker = await Worker.StartAsync((_, context, _) =>
        {
            context.Report(reported);
            return Task.FromResult(new JobDone(""));
        });
        worker.Publish();
        await worker.SettledAsync();

        worker.Reports.ShouldHaveSingleItem().Progress!.Percent.ShouldBe(sent);
    }

    [Fact]
    public async Task No_percentage_that_is_not_a_number()
    {
        await using var worker = await Worker.StartAsync((_, context, _) =>
        {
            context.Report(double.NaN, "counting");
            return Task.FromResult(new JobDone(""));
        });
        worker.Publish();
        await worker.SettledAsync();

        worker.Reports.ShouldHaveSingleItem().Progress.ShouldBe(new RunProgress(1, null, "counting"));
    }

    [Fact]
    public async Task One_short_line_as_message()
    {
        await using var worker = await Worker.StartAsync((_, context, _) =>
        {
            context.Report(message: "first\r\nsecond" + new string('x', 1000));
            return Task.FromResult(new JobDone(""));
        });
        worker.Publish();
        await worker.SettledAsync();

        var line = worker.Reports.ShouldHaveSingleItem().Progress!.Message!;
        line.ShouldStartWith("first second");
        line.Length.ShouldBeLessThanOrEqualTo(500);
    }

    [Fact]
    public async Task A_message_that_is_no_work_goes_to_the_dead_letters()
    {
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone("")));
        worker.Publish(x => x with { RequestId = Guid.Empty });
        worker.Publish(x => x with { Type = MessageTypes.Stop });
        await worker.SettledAsync(2);

        worker.Broker.Journal.Count(x => x == "dead-letter").ShouldBe(2);
        worker.Broker.Reports.ShouldBeEmpty();
    }
}
