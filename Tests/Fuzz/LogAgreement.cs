using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireFeedback.Tests.Support;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>What the log holds after all of it: what was accepted whole, and of what was refused nothing.</summary>
internal static class LogAgreement
{
    private const int MostReads = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task CheckAsync(WebReplica web, NpgsqlDataSource database, FuzzTarget target)
    {
        await NoneAsync(database, """
            select r.id from requests r where r.version <> (select count(*) from request_events e where e.request_id = r.id)
                or not exists (select from request_events e where e.request_id = r.id and e.version = 1 and e.type = 'request-accepted')
            """);
        // What is to be canceled waits for a worker's answer or for its time to be over, and is dispatched no more.
        await NoneAsync(database, """
            select r.id from requests r where r.status = 'Pending' and not exists (
                select from outbox o where o.request_id = r.id and o.type = case when r.state::json ->> 'cancelRequestedAt' is null then 'work' else 'timer' end)
            """);
        await NoneAsync(database, "select e.request_id from request_events e where not exists (select from requests r where r.id = e.request_id)");
        await NoneAsync(database, "select o.request_id from outbox o where not exists (select from requests r where r.id = o.request_id)");
        await Eventually.HoldsAsync(async () => await ScalarAsync<long>(database, "select count(*) from uploads where not abandoned") == 0);

        var kept = (await ScalarAsync<Guid[]>(database, "select coalesce(array_agg(id), '{}') from requests")).ToHashSet();
        foreach (var submit in target.Submits)
        {
            if (submit.Status is 200 or 202)
                kept.ShouldContain(submit.Id, "it was answered as accepted");
            else if (submit.Status is not 0 and < 500)
                kept.ShouldNotContain(submit.Id, $"it was answered {submit.Status}");
        }

        foreach (var submit in target.Submits.Take(MostReads))
            await ReadAsync(web, target, submit, kept.Contains(submit.Id));
    }

    private static async Task ReadAsync(WebReplica web, FuzzTarget target, SentSubmit submit, bool isKept)
    {
        foreach (var person in new[] { 0, 1 })
        {
            using var script = web.Script();
            script.DefaultRequestHeaders.Add("Cookie", target.Cookies[person]);
            using var answer = await script.GetAsync($"/requests/{submit.Id}", Cancellation);
            answer.StatusCode.ShouldBe(isKept && person == submit.Person ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            if (answer.StatusCode is HttpStatusCode.OK)
                (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetGuid().ShouldBe(submit.Id);
        }
    }

    private static async Task NoneAsync(NpgsqlDataSource database, string sql) =>
        (await ScalarAsync<Guid[]>(database, $"select coalesce(array_agg(x.id), '{{}}') from ({sql}) as x(id)")).ShouldBeEmpty(sql);

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource database, string sql) => (T)(await database.CreateCommand(sql).ExecuteScalarAsync(Cancellation))!;
}
