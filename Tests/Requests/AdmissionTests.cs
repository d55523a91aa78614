using System.Net;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Admission;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public sealed class AdmissionTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_owner_with_too_many_open_requests_is_refused_alone_until_one_has_ended()
    {
        await using var web = await StartAsync(("Admission:OpenPerOwner", "2"));
        using var person = await web.PersonAsync();
        using var other = await web.PersonAsync();
        var ids = new[] { Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7() };
        (await person.SubmitAsync(ids[0])).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await person.SubmitAsync(ids[1])).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        using var refused = await person.SubmitAsync(ids[2]);
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-many-open");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        (await other.SubmitAsync(Guid.CreateVersion7())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await (await person.GetAsync($"/requests/{ids[2]}", Cancellation)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");

        await web.Services.GetRequiredService<LogAppender>().AppendAsync(ids[0], Log.Given.Report(Guid.NewGuid(), Log.Given.Succeeded()), Cancellation);
        await CountAsync(web);
        (await person.SubmitAsync(ids[2])).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_replay_is_never_refused_whatever_the_limit_and_what_is_not_well_formed_is_told_so_first()
    {
        await using var web = await StartAsync(("Admission:OpenPerOwner", "1"), ("Admission:Unsent", "1"), ("Admission:RatePerOwner", "1"));
        using var person = await web.PersonAsync();
        var id = Guid.CreateVersion7();
        (await person.SubmitAsync(id)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await CountAsync(web);

        for (var n = 0; n < 5; n++)
        {
            using var replay = await person.SubmitAsync(id);
            replay.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            replay.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        }

        await (await person.SubmitAsync(id, "other")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "id-reused");
        await (await person.SubmitAsync(Guid.CreateVersion7(), kind: "nothing")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "unknown-kind");
        (await person.SubmitAsync(Guid.CreateVersion7())).StatusCode.ShouldBeOneOf(HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Those_who_submit_at_once_do_not_pass_the_limit_together()
    {
        await using var web = await StartAsync(("Admission:OpenPerOwner", "5"));
        using var person = await web.PersonAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => person.SubmitAsync(Guid.CreateVersion7())));

        answers.Count(answer => answer.StatusCode is HttpStatusCode.Accepted).ShouldBe(5);
        answers.Count(answer => answer.StatusCode is HttpStatusCode.TooManyRequests).ShouldBe(35);
    }

    [Fact]
    public async Task What_was_accepted_by_another_replica_counts()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var a = await RequestsReplica.StartAsync(database, ("Admission:OpenPerOwner", "3"));
        await using var b = await RequestsReplica.StartAsync(database, ("Admission:OpenPerOwner", "3"));
        var cookies = new CookieContainer();
        using var onA = a.Browser(cookies);
        using var onB = b.Browser(cookies);
        (await onA.GetAsync("/me", Cancellation)).EnsureSuccessStatusCode();
        (await onA.SubmitAsync(Guid.CreateVersion7())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await onA.SubmitAsync(Guid.CreateVersion7())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await onB.SubmitAsync(Guid.CreateVersion7())).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await CountAsync(b);

        await (await onB.SubmitAsync(Guid.CreateVersion7())).ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-many-open");
    }

    [Theory]
    [InlineData("Admission:RatePerOwner", false)]
    [InlineData("Admission:RatePerAddress", true)]
    public async Task Whoever_is_too_fast_is_told_when_to_come_back(string limit, bool othersToo)
    {
        await using var web = await StartAsync((limit, "1"));
        using var person = await web.PersonAsync();
        using var other = await web.PersonAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.SubmitAsync(Guid.CreateVersion7())));

        var refused = answers.Where(answer => answer.StatusCode is HttpStatusCode.TooManyRequests).ToArray();
        refused.Length.ShouldBeInRange(10, 18);
        await refused[0].ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-fast");
        refused[0].Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        if (!othersToo)
            (await other.SubmitAsync(Guid.CreateVersion7())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task When_too_much_waits_to_be_sent_new_requests_are_refused_until_it_has_gone()
    {
        await using var web = await StartAsync(("Admission:Unsent", "3"));
        using var person = await web.PersonAsync();
        HttpResponseMessage answer = null!;
        await Eventually.HoldsAsync(async () => (answer = await person.SubmitAsync(Guid.CreateVersion7())).StatusCode is HttpStatusCode.ServiceUnavailable);
        await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);

        await web.Services.GetRequiredService<LogDatabase>().CreateCommand("delete from outbox").ExecuteNonQueryAsync(Cancellation);
        await Eventually.HoldsAsync(async () => (await person.SubmitAsync(Guid.CreateVersion7())).StatusCode is HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task All_owners_of_one_address_share_its_limit_of_open_requests_where_there_is_one()
    {
        await using var web = await StartAsync(("Admission:OpenPerAddress", "3"));
        var answers = new List<HttpStatusCode>();
        for (var n = 0; n < 5; n++)
        {
            using var person = await web.PersonAsync();
            answers.Add((await person.SubmitAsync(Guid.CreateVersion7())).StatusCode);
            await CountAsync(web);
        }

        answers.ShouldBe([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task A_limit_below_zero_stops_the_start_and_names_its_section() =>
        (await Should.ThrowAsync<OptionsValidationException>(StartAsync(("Admission:OpenPerOwner", "-1")))).Message.ShouldContain("Admission");

    [Fact]
    public void One_network_of_ipv6_is_one_address()
    {
        CallerAddress.Of(IPAddress.Parse("2001:db8::1")).ShouldBe(CallerAddress.Of(IPAddress.Parse("2001:db8::ffff:2")));
        CallerAddress.Of(IPAddress.Parse("2001:db8:0:1::1")).ShouldNotBe(CallerAddress.Of(IPAddress.Parse("2001:db8::1")));
        CallerAddress.Of(IPAddress.Parse("::ffff:10.0.0.1")).ShouldBe(IPAddress.Parse("10.0.0.1"));
    }

    private async Task<WebReplica> StartAsync(params (string, string)[] settings) => await RequestsReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), settings);

    private static Task CountAsync(WebReplica web) => web.Services.GetRequiredService<AdmissionCounts>().RunOnceAsync(Cancellation);
}
