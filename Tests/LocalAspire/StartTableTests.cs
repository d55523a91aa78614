using AspireFeedback.LocalAspire.Console;
using AspireFeedback.LocalAspire.Runtime;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class StartTableTests
{
    [Fact]
    public void Each_process_has_a_bar_from_its_start_to_its_health() =>
        StartTable.For([("web", 5, 10), ("postgres", 0, 5)], new Palette(colored: false)).ReplaceLineEndings("\n").ShouldBe(
            """
              postgres       0.0 s ████████████████████                        5.0 s
              web            5.0 s                     ████████████████████   10.0 s

            """.ReplaceLineEndings("\n"));

    [Fact]
    public void What_was_healthy_at_once_is_seen_all_the_same() =>
        StartTable.For([("redis", 0, 0.01), ("web", 0, 8)], new Palette(colored: false)).ShouldContain("0.0 s █ ");

    [Theory]
    [InlineData("\e[40m\e[32minfo\e[39m\e[22m\e[49m: Web[0]", "info: Web[0]")]
    [InlineData("plain [0m", "plain [0m")]
    public void A_line_loses_its_colours_where_there_are_none(string line, string shown) => AnsiCodes.Strip(line).ShouldBe(shown);

    [Theory]
    [InlineData(0, "ended with exit code 0")]
    [InlineData(1, "ended with exit code 1")]
    [InlineData(134, "aborted (SIGABRT), as .NET does on an unhandled exception")]
    [InlineData(137, "was killed (SIGKILL)")]
    [InlineData(129, "was ended by signal 1")]
    [InlineData(255, "ended with exit code 255")]
    public void An_exit_code_is_said_in_words(int code, string words) => ExitReason.For(code).ShouldBe(words);
}
