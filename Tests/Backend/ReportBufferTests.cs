using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class ReportBufferTests
{
    private readonly ReportBuffer _buffer = new("worker");

    [Fact]
    public void After_the_end_it_takes_nothing_from_a_task_that_the_handler_left_behind()
    {
        _buffer.Emit("in time");
        _buffer.Close();
        _buffer.Emit("late");
        _buffer.Progress(50, "late");

        var report = _buffer.Take(new RunCanceled());
        report.Output.ShouldBe([new RunOutput(0, "in time")]);
        report.Progress.ShouldBeNull();
        _buffer.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void The_same_progress_again_is_nothing_to_send()
    {
        _buffer.Progress(50, "half");
        _buffer.Take().Progress.ShouldBe(new RunProgress(1, 50, "half"));
        _buffer.Progress(50, "half");

        _buffer.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void What_was_not_confirmed_is_taken_again_with_what_is_newer()
    {
        _buffer.Start(new("job"));
        _buffer.Progress(10, null);
        _buffer.Emit("a");
        var lost = _buffer.Take();
        _buffer.Progress(20, null);
        _buffer.Emit("b");
        _buffer.PutBack(lost);

        var report = _buffer.Take();
        report.Started.ShouldBe(new RunStarted("job"));
        report.Progress.ShouldBe(new RunProgress(2, 20));
        report.Output.ShouldBe([new RunOutput(0, "a"), new RunOutput(1, "b")]);
    }

    [Fact]
    public void Half_a_character_waits_for_its_other_half()
    {
        _buffer.Emit("a\ud83d");
        _buffer.Take().Output.ShouldBe([new RunOutput(0, "a")]);
        _buffer.IsEmpty.ShouldBeTrue();
        _buffer.Emit("\ude00");
        _buffer.Take().Output.ShouldBe([new RunOutput(1, "😀")]);
    }
}
