using System.Net;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Identity;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class PairingTests(LiveReplicas web) : IClassFixture<LiveReplicas>, IAsyncLifetime
{
    private readonly HttpClient _first = web.A.Browser();
    private readonly HttpClient _second = web.B.Browser();
    private Who _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _owner = await _first.MeAsync();
        await web.ForgetAttemptsAsync();
    }

    public ValueTask DisposeAsync()
    {
        _first.Dispose();
        _second.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_device_at_another_replica_becomes_the_same_owner_and_sees_its_requests()
    {
        var request = await web.SubmitAsync(_owner.Id);
        (await _second.MeAsync()).Id.ShouldNotBe(_owner.Id);
        var pairing = await _first.PairingAsync();

        var answer = await _second.PairAsync(pairing.Code).ReadAsync<Who>();

        answer.ShouldBe(_owner);
        (await _second.MeAsync()).ShouldBe(_owner);
        (await _first.MeAsync()).ShouldBe(_owner);
        (await _second.RequestsAsync()).ShouldBe([request]);
    }

    [Fact]
    public async Task A_device_that_was_nobody_can_pair() =>
        (await _second.PairAsync((await _first.PairingAsync()).Code).ReadAsync<Who>()).ShouldBe(_owner);

    [Fact]
    public async Task The_code_is_random_readable_short_lived_and_in_the_fragment_only()
    {
        var one = await _first.PairingAsync();
        var other = await _first.PairingAsync();

        one.Code.ShouldMatch("^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$"); // 16 × 5 bits
        one.Code.ShouldNotBe(other.Code);
        one.ExpiresIn.ShouldBe(300);
        one.Url.GetLeftPart(UriPartial.Query).ShouldBe(web.A.Url.ToString());
        one.Url.Fragment.ShouldBe($"#pair={one.Code}");
    }

    [Fact]
    public async Task A_code_is_kept_as_a_hash()
    {
        var pairing = await _first.PairingAsync();
        var stored = await web.ScalarAsync<byte[]>("select code_hash from pairing_codes where owner = $1", _owner.Id);
        stored.ShouldBe(PairingCode.HashOf(pairing.Code));
        stored.Length.ShouldBe(32);
    }

    [Fact]
    public async Task People_may_type_it_as_they_read_it()
    {
        var pairing = await _first.PairingAsync();
        var typed = pairing.Code.Replace('-', ' ').ToLowerInvariant().Replace('0', 'o').Replace('1', 'l');
        (await _second.PairAsync(typed).ReadAsync<Who>()).Id.ShouldBe(_owner.Id);
    }

    [Fact]
    public async Task Used_expired_replaced_and_wrong_codes_get_the_same_answer()
    {
        var used = await _first.PairingAsync();
        await _second.PairAsync(used.Code).ReadAsync<Who>();
        var replaced = await _first.PairingAsync();
        var expired = await _first.PairingAsync();
        await web.ScalarAsync<Guid>("update pairing_codes set expires_at = now() where owner = $1 returning owner", _owner.Id);
        using var stranger = web.B.Browser();
        var before = await stranger.MeAsync();
        var answers = new HashSet<string>();
        foreach (var code in new[] { used.Code, expired.Code, replaced.Code, "AAAA-BBBB-CCCC-DDDD", "nonsense", "", null! })
        {
            using var refused = await stranger.PairAsync(code);
            var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown-code");
            answers.Add(string.Join(", ", problem.EnumerateObject().Where(member => member.Name != "traceId")));
        }

        answers.Count.ShouldBe(1);
        (await stranger.MeAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Of_two_devices_with_one_code_one_gets_in()
    {
        var pairing = await _first.PairingAsync();
        using var third = web.A.Browser();

        var answers = await Task.WhenAll(_second.PairAsync(pairing.Code), third.PairAsync(pairing.Code));

        answers.Select(answer => answer.StatusCode).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.NotFound]);
    }

    [Fact]
    public async Task What_the_device_had_as_a_guest_stays_there_unless_the_person_brings_it_along()
    {
        var guest = await _second.MeAsync();
        var own = await web.SubmitAsync(guest.Id);
        await _second.PairAsync((await _first.PairingAsync()).Code).ReadAsync<Who>();
        (await _second.RequestsAsync()).ShouldNotContain(own);

        using var third = web.A.Browser();
        var brought = await web.SubmitAsync((await third.MeAsync()).Id);
        await third.PairAsync((await _first.PairingAsync()).Code, carryOver: true).ReadAsync<Who>();
        (await third.RequestsAsync()).ShouldBe([brought]);
        (await _first.RequestsAsync()).ShouldBe([brought]);
    }

    [Fact]
    public async Task A_token_neither_opens_a_pairing_nor_pairs()
    {
        using var script = web.A.Script((await _first.TokensAsync()).AccessToken);
        using var open = await script.PostAsync("/me/pairing");
        await open.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "session-required");
        using var pair = await script.PairAsync((await _first.PairingAsync()).Code);
        await pair.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "session-required");
    }

    [Fact]
    public async Task Guessing_is_stopped_on_all_replicas_together()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 21; i++)
        {
            using var answer = await (i % 2 == 0 ? _first : _second).PairAsync(PairingCode.New());
            statuses.Add(answer.StatusCode);
        }

        statuses[..20].ShouldAllBe(status => status == HttpStatusCode.NotFound);
        statuses[20].ShouldBe(HttpStatusCode.TooManyRequests);
        // Also with the right code: else guessing would go on.
        using var refused = await _second.PairAsync((await _first.PairingAsync()).Code);
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too-fast");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 300);
    }

    [Fact]
    public async Task One_code_cannot_be_tried_again_and_again_from_many_addresses()
    {
        var code = PairingCode.New();
        for (var i = 0; i < 5; i++)
        {
            (await _second.PairAsync(code)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            await web.ScalarAsync<long>("with gone as (delete from attempts where bucket <> $1) select 0::bigint",
                new Limit("pairings with a code", Convert.ToHexString(PairingCode.HashOf(code)!), 5, default).Bucket);
        }

        (await _second.PairAsync(code)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }
}
