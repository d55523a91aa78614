using System.Text;
using System.Text.Json;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class HowARunFails
{
    [Theory]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("""{}""")]
    [InlineData("""{"payload":null}""")]
    [InlineData("""{"payload":"text"}""")]
    [InlineData("""{"payload":{"text":null}}""")]
    [InlineData("""{"payload":{"delayMs":1}}""")]
    [InlineData("""{"payload":{"text":"a","steps":-1}}""")]
    public async Task For_good_when_the_payload_is_not_what_the_kind_takes(string body)
    {
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone("")), configure: services =>
            services.AddSingleton<AspireFeedback.Backend.Echo.EchoLedger>().AddHandler(HandlerRegistration.Of<AspireFeedback.Backend.Echo.EchoHandler>(Kinds.Echo, 1, null)));
        worker.Broker.Publish(Kinds.Echo, new(), x => x with { Body = Encoding.UTF8.GetBytes(body) });
        await worker.SettledAsync();

        var failed = worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>();
        (failed.Error.Type, failed.Permanent).ShouldBe(("/problems/invalid-payload", true));
        failed.Error.Detail!.ShouldNotContain("AspireFeedback");
    }

    [Fact]
    public async Task Without_a_word_of_an_unknown_exception_but_with_the_trace()
    {
        await using var worker = await Worker.StartAsync((_, _, _) => throw new InvalidOperationException("password=secret"));
        worker.Publish(x => x with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
        await worker.SettledAsync();

        var failed = worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>();
        failed.Permanent.ShouldBeFalse();
        failed.Error.TraceId.ShouldBe("0af7651916cd43dd8448eb211c80319c");
        Encoding.UTF8.GetString(worker.Broker.Reports[0].Body.Span).ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_the_problem_that_the_handler_gives(bool permanent)
    {
        await using var worker = await Worker.StartAsync((_, _, _) => throw new ProblemException(Problem.Of("no-luck", "No luck."), permanent));
        worker.Publish();
        await worker.SettledAsync();

        var failed = worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>();
        (failed.Error.Type, failed.Error.Title, failed.Permanent).ShouldBe(("/problems/no-luck", "No luck.", permanent));
    }

    [Theory]
    [InlineData(typeof(FileNotFoundException), true)]
    [InlineData(typeof(ArgumentNullException), true)]
    [InlineData(typeof(IOException), false)]
    [InlineData(typeof(TimeoutException), false)]
    public async Task For_good_with_an_exception_that_its_registration_names_or_one_derived_from_it(Type thrown, bool permanent)
    {
        await using var worker = await Worker.StartAsync(
            (_, _, _) => throw (Exception)Activator.CreateInstance(thrown)!, permanent: [typeof(FileNotFoundException), typeof(ArgumentException)]);
        worker.Publish();
        await worker.SettledAsync();

        var failed = worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>();
        (failed.Error.Type, failed.Permanent).ShouldBe(("/problems/internal-error", permanent));
    }

    [Fact]
    public async Task At_its_time_limit_but_not_for_good()
    {
        await using var worker = await Worker.StartAsync(UntilStopped, timeout: TimeSpan.FromSeconds(5));
        worker.Publish();
        await worker.SettledAsync(clockStep: 100);

        var failed = worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>();
        (failed.Error.Type, failed.Permanent).ShouldBe(("/problems/timeout", false));
        (worker.Time.GetUtcNow() - new ManualTime().GetUtcNow()).ShouldBeGreaterThan(TimeSpan.FromSeconds(4.9));
    }

    [Fact]
    public async Task At_the_deadline_for_good()
    {
        await using var worker = await Worker.StartAsync(UntilStopped, timeout: TimeSpan.FromSeconds(50));
        worker.Publish(x => x with { Deadline = worker.Time.GetUtcNow().AddSeconds(3) });
        await worker.SettledAsync(clockStep: 100);

        var failed = worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>();
        (failed.Error.Type, failed.Permanent).ShouldBe(("/problems/deadline-exceeded", true));
        failed.Error.Detail.ShouldBe("The work was stopped while running.");
    }

    [Fact]
    public async Task After_the_deadline_without_having_started()
    {
        var begun = 0;
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone($"{++begun}")));
        worker.Publish(x => x with { Deadline = worker.Time.GetUtcNow().AddSeconds(-3) });
        await worker.SettledAsync();

        begun.ShouldBe(0);
        worker.Reports.ShouldHaveSingleItem().Started.ShouldBeNull();
        worker.Outcomes[0].ShouldBeOfType<RunFailed>().Error.Detail.ShouldBe("The work was never started.");
    }

    [Fact]
    public async Task For_good_when_the_result_is_too_large()
    {
        await using var worker = await Worker.StartAsync((_, _, _) => Task.FromResult(new JobDone(new string('x', 5_000_000))));
        worker.Publish();
        await worker.SettledAsync();

        worker.Outcomes.ShouldHaveSingleItem().ShouldBeOfType<RunFailed>().Error.Type.ShouldBe("/problems/result-too-large");
    }

    [Fact]
    public async Task Not_at_all_but_with_a_question_whose_answer_it_gets_the_next_time()
    {
        await using var worker = await Worker.StartAsync((_, context, _) => Task.FromResult(new JobDone(context.Ask<string>("color", "Which color?"))));
        worker.Publish();
        await worker.SettledAsync();
        worker.Outcomes.ShouldHaveSingleItem().ShouldBe(new RunAsked("color", "Which color?"));

        var answers = new Dictionary<string, JsonElement> { ["color"] = JsonElement.Parse("\"blue\"") };
        var body = new WorkBody(JsonElement.Parse("{}"), answers);
        worker.Publish(x => x with { Attempt = 2, Body = JsonSerializer.SerializeToUtf8Bytes(body, FeedbackJson.Options) });
        await worker.SettledAsync(2);
        worker.Outcomes[1].ShouldBeOfType<RunSucceeded>().Result.GetProperty("text").GetString().ShouldBe("blue");
    }

    private static async Task<JobDone> UntilStopped(Job job, HandlerContext context, CancellationToken token)
    {
        await Task.Delay(Timeout.Infinite, token);
        return new("never");
    }
}
