using AspireFeedback.LocalAspire.Runtime;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class StartTurnsTests
{
    private static readonly Task s_never = new TaskCompletionSource().Task;
    private readonly StartTurns _turns = new(cores: 2, TimeSpan.FromMinutes(10));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Where_no_server_starts_all_programs_start_at_once()
    {
        for (var i = 0; i < 5; i++)
            Take().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task While_a_server_starts_programs_start_in_turn_on_the_other_core_and_all_of_them_when_it_is_there()
    {
        var server = _turns.Server();
        var first = Take();
        var others = Enumerable.Range(0, 3).Select(_ => Take()).ToArray();
        first.IsCompletedSuccessfully.ShouldBeTrue();
        others.ShouldAllBe(turn => !turn.IsCompleted);

        (await first).Dispose();
        (await first).Dispose();
        await others[0].WaitAsync(Cancellation);
        others.Skip(1).ShouldAllBe(turn => !turn.IsCompleted);

        server.Dispose();
        await Task.WhenAll(others).WaitAsync(Cancellation);
    }

    [Fact]
    public async Task More_servers_than_cores_leave_room_for_one_program()
    {
        using var one = _turns.Server();
        using var two = _turns.Server();
        using var program = await Take().WaitAsync(Cancellation);

        Take().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_command_need_not_wait_and_who_went_ahead_is_not_given_a_place_later()
    {
        var server = _turns.Server();
        var first = await Take();
        var command = new TaskCompletionSource();
        var hurried = Take(command.Task);
        var patient = Take();
        command.SetResult();

        (await hurried.WaitAsync(Cancellation)).Dispose();
        patient.IsCompleted.ShouldBeFalse("the first one is still there");
        first.Dispose();
        await patient.WaitAsync(Cancellation);
        server.Dispose();
    }

    [Fact]
    public async Task Nobody_waits_for_ever_and_nobody_holds_a_place_for_ever()
    {
        var turns = new StartTurns(cores: 1, TimeSpan.FromMilliseconds(50));
        using var server = turns.Server();
        using var first = await turns.ProgramAsync(s_never, Cancellation);

        using var second = await turns.ProgramAsync(s_never, Cancellation).WaitAsync(Cancellation);
    }

    private Task<StartTurns.Turn> Take(Task? given = null) => _turns.ProgramAsync(given ?? s_never, Cancellation);
}
