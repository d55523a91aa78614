using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Identity;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

/// <summary>A guest moves to another owner: the moment of it.</summary>
public class MoveTests(LiveReplicas web) : IClassFixture<LiveReplicas>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_guests_connections_end_only_after_the_answer_that_brings_the_new_cookie()
    {
        var (guest, calls) = (Guid.CreateVersion7(), new OpenCalls(TimeProvider.System));
        var hub = Connection.Of(guest);
        var open = calls.FollowAsync(hub.Context, _ => Task.Delay(Timeout.Infinite, hub.Context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var signIn = Connection.Of(guest);

        (await Move(calls).MoveAsync(signIn.Context, guest, Guid.CreateVersion7())).ShouldBeTrue();
        open.IsCompleted.ShouldBeFalse();
        hub.Context.RequestAborted.IsCancellationRequested.ShouldBeFalse();

        await signIn.CompleteAsync();
        await open.WaitAsync(Eventually.Deadline, Cancellation);
    }

    [Fact]
    public async Task A_guest_that_has_moved_is_no_place_to_move_to()
    {
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var request = await web.SubmitAsync(other);
        var move = Move(new(TimeProvider.System));

        (await move.MoveAsync(new DefaultHttpContext(), one, other)).ShouldBeTrue();
        (await move.MoveAsync(new DefaultHttpContext(), other, one)).ShouldBeFalse();

        (await OwnerOfAsync(request)).ShouldBe(other);
        (await VoidAsync(one, other)).ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_guests_who_move_to_each_other_at_once_one_stays_with_everything()
    {
        var move = Move(new(TimeProvider.System));
        for (var i = 0; i < 10; i++)
        {
            var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var requests = new[] { await web.SubmitAsync(one), await web.SubmitAsync(other) };

            var moved = await Task.WhenAll(
                Task.Run(() => move.MoveAsync(new DefaultHttpContext(), one, other)),
                Task.Run(() => move.MoveAsync(new DefaultHttpContext(), other, one)));

            moved.Count(done => done).ShouldBe(1);
            (await VoidAsync(one, other)).ShouldBe(1);
            var owners = new[] { await OwnerOfAsync(requests[0]), await OwnerOfAsync(requests[1]) };
            owners.ShouldAllBe(owner => owner == (moved[0] ? other : one));
        }
    }

    [Fact]
    public async Task A_move_that_cannot_go_on_holds_up_no_revocation()
    {
        var guest = Guid.CreateVersion7();
        await Move(new(TimeProvider.System)).MoveAsync(new DefaultHttpContext(), guest, Guid.CreateVersion7());
        await using var connection = await web.A.Services.GetRequiredService<LogDatabase>().OpenConnectionAsync(Cancellation);
        await using var transaction = await HoldLateRequestAsync(connection, guest);
        using var browser = web.A.Browser();
        await browser.MeAsync();
        await using var atB = await web.B.HubAsync("Authorization", $"Bearer {(await browser.TokensAsync()).AccessToken}");

        await browser.DeleteAsync("/me/tokens", Cancellation);

        await atB.EndedAsync();
    }

    private CarryOver Move(OpenCalls calls) => new(
        web.A.Services.GetRequiredService<LogDatabase>(), web.A.Services.GetRequiredService<OwnerStandings>(), calls);

    /// <summary>A request that the guest wrote too late, locked before the next look of the watch can move it.</summary>
    private async Task<NpgsqlTransaction> HoldLateRequestAsync(NpgsqlConnection connection, Guid guest)
    {
        while (true)
        {
            var late = await web.SubmitAsync(guest);
            var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var hold = new NpgsqlCommand("select set_config('idle_in_transaction_session_timeout', '0', true) from requests where id = $1 and owner = $2 for update", connection, transaction)
            {
                Parameters = { new() { Value = late }, new() { Value = guest } },
            };
            if (await hold.ExecuteScalarAsync(Cancellation) is not null)
                return transaction;
            await transaction.DisposeAsync();
        }
    }

    private Task<Guid> OwnerOfAsync(Guid request) => web.ScalarAsync<Guid>("select owner from requests where id = $1", request);

    private Task<long> VoidAsync(params Guid[] owners) => web.ScalarAsync<long>("select count(*) from owners where id = any ($1) and moved_to is not null", owners);

    /// <summary>A call with a server's side to it: it can be aborted, and its answer completes when the test says so.</summary>
    private sealed class Connection : HttpResponseFeature, IHttpRequestLifetimeFeature
    {
        private readonly CancellationTokenSource _aborted = new();
        private Func<Task> _completed = () => Task.CompletedTask;

        public DefaultHttpContext Context { get; } = new();

        public CancellationToken RequestAborted { get => _aborted.Token; set => throw new NotSupportedException(); }

        public static Connection Of(Guid guest)
        {
            var connection = new Connection();
            connection.Context.Features.Set<IHttpResponseFeature>(connection);
            connection.Context.Features.Set<IHttpRequestLifetimeFeature>(connection);
            connection.Context.User = Owner.Principal(guest, Owner.Guest, Schemes.Cookie);
            connection.Context.SetEndpoint(new(null, new(new StaysOpen()), "hub"));
            return connection;
        }

        public void Abort() => _aborted.Cancel();

        public override void OnCompleted(Func<object, Task> callback, object state) => _completed = () => callback(state);

        public Task CompleteAsync() => _completed();
    }
}
