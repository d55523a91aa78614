using System.Net;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Files;

/// <summary>An upload takes memory for as long as its sender likes, so there is an end to their number.</summary>
public sealed class UploadSlotTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_owner_has_so_many_uploads_at_a_time_all_together_so_many_and_workers_are_not_kept_out()
    {
        await using var web = await StartAsync(("Files:UploadsPerOwner", "2"), ("Files:Uploads", "3"));
        var (one, other) = (await PersonAsync(web), await PersonAsync(web));
        var slow = new[] { new SlowContent("a"), new SlowContent("b"), new SlowContent("c") };
        Task<HttpResponseMessage>[] uploads = [PutAsync(one, slow[0]), PutAsync(one, slow[1])];
        await UnderWayAsync(web, 2);

        using (var tooMany = await PutAsync(one, new StringContent("d")))
        {
            await tooMany.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-many-uploads");
            tooMany.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        }

        uploads = [.. uploads, PutAsync(other, slow[2])];
        await UnderWayAsync(web, 3);
        await (await PutAsync(other, new StringContent("e"))).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        using var worker = web.Script(web.Services.GetRequiredService<FileCapabilities>().Issue(Guid.NewGuid(), Guid.NewGuid(), [], DateTimeOffset.UtcNow.AddHours(1)));
        (await PutAsync(worker, new StringContent("f"))).StatusCode.ShouldBe(HttpStatusCode.Created);

        foreach (var content in slow)
            content.Finish("");
        (await Task.WhenAll(uploads)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
        (await PutAsync(one, new StringContent("g"))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_upload_that_breaks_frees_its_place()
    {
        await using var web = await StartAsync(("Files:UploadsPerOwner", "1"));
        var person = await PersonAsync(web);
        using var leaving = new CancellationTokenSource();
        var upload = person.PutAsync($"/files/{Guid.NewGuid()}", new SlowContent("a"), leaving.Token);
        await UnderWayAsync(web, 1);
        (await StatusAsync(person)).ShouldBe(HttpStatusCode.TooManyRequests);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(upload.WaitAsync(Eventually.Deadline, Cancellation));
        await Eventually.HoldsAsync(async () => await StatusAsync(person) == HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_limit_of_zero_stops_the_start_and_names_its_key() =>
        (await Should.ThrowAsync<OptionsValidationException>(StartAsync(("Files:Uploads", "0")))).Message.ShouldContain("Files:Uploads");

    private async Task<WebReplica> StartAsync(params (string Key, string Value)[] settings) => await WebReplica.StartAsync(
        await postgres.CreateDatabaseAsync(Cancellation),
        builder => builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))));

    private static async Task<HttpClient> PersonAsync(WebReplica web)
    {
        var person = web.Browser();
        (await person.GetAsync("/me", Cancellation)).EnsureSuccessStatusCode();
        return person;
    }

    /// <summary>Asked of the table, since a call that asks would take a place itself.</summary>
    private static Task UnderWayAsync(WebReplica web, long uploads) => Eventually.HoldsAsync(
        async () => await web.Services.GetRequiredService<LogDatabase>()
            .CreateCommand("select count(*) from uploads where not abandoned").ExecuteScalarAsync(Cancellation) is long count && count == uploads,
        "the uploads have begun");

    private static Task<HttpResponseMessage> PutAsync(HttpClient person, HttpContent content) => person.PutAsync($"/files/{Guid.NewGuid()}", content, Cancellation);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient person) => (await PutAsync(person, new StringContent("x"))).StatusCode;
}
