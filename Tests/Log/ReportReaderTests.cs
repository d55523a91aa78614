using System.Text;
using AspireFeedback.Contracts;
using AspireFeedback.Messaging;
using AspireFeedback.Web.Reports;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Log;

public sealed class ReportReaderTests
{
    [Fact]
    public void A_sender_that_sorts_its_keys_is_understood() =>
        Read("""{"outcome":{"result":{"text":"x"},"type":"succeeded"}}""").ShouldNotBeNull().Report.Outcome.ShouldBeOfType<RunSucceeded>();

    [Theory]
    [InlineData("""{"outcome":{"type":"succeeded"}}""")]
    [InlineData("""{"outcome":{"type":"forwarded","kind":"x"}}""")]
    [InlineData("""{"outcome":{"type":"asked","question":"?"}}""")]
    [InlineData("""{"outcome":{"type":"failed"}}""")]
    [InlineData("""{"outcome":{"type":"unheard-of"}}""")]
    [InlineData("""{"outcome":{}}""")]
    [InlineData("""{"outcome":{"type":"succeeded","result":"\ud800"}}""")]
    [InlineData("null")]
    [InlineData("no json")]
    public void A_report_that_says_nothing_usable_is_refused_alone(string body) => Read(body).ShouldBeNull();

    [Fact]
    public void A_backend_without_runs_counts_as_one_run_per_attempt()
    {
        var request = Guid.NewGuid();

        Read("{}", request, attempt: 1)!.Run.ShouldBe(Read("{}", request, attempt: 1)!.Run);
        Read("{}", request, attempt: 2)!.Run.ShouldNotBe(Read("{}", request, attempt: 1)!.Run);
    }

    private static Web.Log.TakeReport? Read(string body, Guid? request = null, int attempt = 1) =>
        ReportReader.Read(new Message(request ?? Guid.NewGuid(), Guid.NewGuid(), MessageTypes.Report, Encoding.UTF8.GetBytes(body)) { Attempt = attempt }, out _);
}
