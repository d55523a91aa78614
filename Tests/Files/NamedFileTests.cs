using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Requests;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Files;
using AspireFeedback.Web.Log;
using AspireFeedback.Web.Policies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shouldly;
using Xunit;
using static AspireFeedback.Tests.Log.Given;

namespace AspireFeedback.Tests.Files;

/// <summary>A file stays as long as a request of its owner that names it, and not for what was refused.</summary>
public class NamedFileTests(PostgresServer postgres) : IAsyncLifetime
{
    private string _database = null!;
    private WebReplica _web = null!;
    private HttpClient _owner = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What stands in <c>Tests/Log/Marten</c> runs the same tests on another log.</summary>
    private protected virtual LogImplementation Implementation => LogImplementation.Postgres;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync(Cancellation);
        _web = await RequestsReplica.StartAsync(Implementation, _database, ("Admission:OpenPerOwner", "2"));
        _owner = await _web.PersonAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _web.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_file_that_an_open_request_names_stays_and_one_that_no_request_names_goes_after_a_day()
    {
        var (named, unnamed) = (await UploadAsync(), await UploadAsync());
        (await SubmitAsync(named)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        for (var days = 0; days < 5; days++)
            await PassAsync("25 hours");

        (await StatusAsync(named)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(unnamed)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_request_that_has_ended_keeps_its_file_until_it_goes_itself_unless_another_one_names_it_too()
    {
        var (once, twice) = (await UploadAsync(), await UploadAsync());
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        (await SubmitAsync(once, first)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await EndAsync(first);
        await CountAsync();
        (await SubmitAsync(twice, second)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await EndAsync(second);
        await CountAsync();
        (await SubmitAsync(twice)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await PassAsync("25 hours");
        (await StatusAsync(once)).ShouldBe(HttpStatusCode.OK);

        await RemoveAsync(first);
        await RemoveAsync(second);
        await PassAsync("25 hours");

        (await StatusAsync(once)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(twice)).ShouldBe(HttpStatusCode.OK);
        (await ScalarAsync("select count(*) from file_uses")).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_refused_keeps_no_file()
    {
        var (tooMany, reused) = (await UploadAsync(), await UploadAsync());
        var taken = Guid.CreateVersion7();
        (await _owner.SubmitAsync(taken)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await SubmitAsync(reused, taken)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _owner.SubmitAsync(Guid.CreateVersion7())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await SubmitAsync(tooMany)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await SubmitAsync(tooMany, deadline: "8999-01-01T00:00:00Z")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        await PassAsync("25 hours");

        (await StatusAsync(tooMany)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(reused)).ShouldBe(HttpStatusCode.NotFound);
        (await ScalarAsync("select count(*) from file_chunks")).ShouldBe(0);
    }

    [Fact]
    public async Task A_foreign_request_that_names_the_same_id_keeps_nobody_elses_file()
    {
        var file = await UploadAsync();
        using var other = await _web.PersonAsync();
        await UploadAsync(other, file);
        (await SubmitAsync(file, person: other)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await PassAsync("25 hours");

        (await StatusAsync(file)).ShouldBe(HttpStatusCode.NotFound);
        (await other.GetAsync($"/files/{file}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_its_file_is_called_stands_with_the_request_wherever_its_owner_reads_of_it_and_in_no_other_owners_list()
    {
        var (named, nameless, request) = (Guid.NewGuid(), await UploadAsync(), Guid.CreateVersion7());
        using var content = new StringContent("a,b\n1,2");
        content.Headers.TryAddWithoutValidation("Content-Disposition", "attachment; filename*=UTF-8''..%2FUms%C3%A4tze%0A%202026.csv");
        (await _owner.PutAsync($"/files/{named}", content, Cancellation)).EnsureSuccessStatusCode();

        (await NamesInAsync(await SubmitAsync(named, request))).ShouldBe(["Umsätze 2026.csv"]);
        (await NamesInAsync(await SubmitAsync(named, request))).ShouldBe(["Umsätze 2026.csv"]);
        await EndAsync(request);
        await CountAsync();
        (await NamesInAsync(await SubmitAsync(nameless))).ShouldBeNull();

        (await NamesInAsync(await _owner.GetAsync($"/requests/{request}", Cancellation))).ShouldBe(["Umsätze 2026.csv"]);
        var list = (await _owner.GetFromJsonAsync<JsonElement>("/requests", Cancellation)).GetProperty("requests");
        list.EnumerateArray().Select(NamesIn).ShouldBe([null, ["Umsätze 2026.csv"]]);
        using var other = await _web.PersonAsync();
        await UploadAsync(other, named);
        (await NamesInAsync(await SubmitAsync(named, person: other))).ShouldBeNull();
    }

    [Theory]
    [InlineData(89, HttpStatusCode.Accepted)]
    [InlineData(91, HttpStatusCode.BadRequest)]
    public async Task A_deadline_lies_ninety_days_ahead_at_most(int days, HttpStatusCode expected)
    {
        using var answer = await SubmitAsync(await UploadAsync(), deadline: DateTimeOffset.UtcNow.AddDays(days).ToString("O", CultureInfo.InvariantCulture));

        answer.StatusCode.ShouldBe(expected);
        if (expected is HttpStatusCode.BadRequest)
        {
            var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-payload");
            problem.GetProperty("errors").GetProperty("deadline")[0].GetString()!.ShouldContain("90 days");
        }
    }

    private static async Task<string[]?> NamesInAsync(HttpResponseMessage answer)
    {
        using (answer)
            return NamesIn(await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    private static string[]? NamesIn(JsonElement document) =>
        document.TryGetProperty("fileNames", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : null;

    private Task<Guid> UploadAsync() => UploadAsync(_owner, Guid.NewGuid());

    private static async Task<Guid> UploadAsync(HttpClient person, Guid id)
    {
        (await person.PutAsync($"/files/{id}", new StringContent("a,b\n1,2"), Cancellation)).EnsureSuccessStatusCode();
        return id;
    }

    private Task<HttpResponseMessage> SubmitAsync(Guid file, Guid? id = null, string? deadline = null, HttpClient? person = null)
    {
        var end = deadline is null ? "" : $""","deadline":"{deadline}" """;
        var body = $$$"""{"kind":"csv-profile","payload":{"file":"{{{file}}}"}{{{end}}}}""";
        return (person ?? _owner).PutAsync($"/requests/{id ?? Guid.CreateVersion7()}", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
    }

    private async Task EndAsync(Guid request) =>
        await _web.Services.GetRequiredService<LogAppender>().AppendAsync(request, Report(Guid.NewGuid(), Succeeded()), Cancellation);

    private Task CountAsync() => _web.Services.GetRequiredService<Web.Admission.AdmissionCounts>().RunOnceAsync(Cancellation);

    /// <summary>Its retention is over.</summary>
    private async Task RemoveAsync(Guid request)
    {
        var retention = _web.Services.GetRequiredService<Retention>();
        await FileRows.ExecuteAsync(_database, $"update requests set expires_at = now() - interval '1 second' where id = '{request}'");
        await retention.RunOnceAsync(Cancellation);
        await FileRows.ExecuteAsync(_database, "update tombstones set removed_at = removed_at - interval '2 minutes'");
        (await retention.RunOnceAsync(Cancellation)).ShouldBe(1);
    }

    private async Task PassAsync(string time)
    {
        await FileRows.ExecuteAsync(_database, $"update files set kept_until = kept_until - interval '{time}'");
        await _web.Services.GetServices<IHostedService>().OfType<FileCleanup>().Single().RunOnceAsync(Cancellation);
    }

    private async Task<HttpStatusCode> StatusAsync(Guid file) => (await _owner.GetAsync($"/files/{file}", Cancellation)).StatusCode;

    private async Task<long> ScalarAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database);
        return (long)(await source.CreateCommand(sql).ExecuteScalarAsync(Cancellation))!;
    }
}
