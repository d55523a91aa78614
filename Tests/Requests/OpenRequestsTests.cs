using System.Net;
using AspireFeedback.Tests.Log;
using AspireFeedback.Tests.Support;
using AspireFeedback.Web.Admission;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Requests;

public class OpenRequestsTests(PostgresServer postgres) : LogOnPostgres(postgres)
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 1)]
    public async Task Without_a_limit_no_owner_is_remembered(int limit, int remembered)
    {
        var open = new OpenRequests(Upkeep, Options.Create(new AdmissionOptions { OpenPerOwner = limit }), TimeProvider.System);
        var owner = Guid.NewGuid();

        open.TryBegin(owner, IPAddress.Loopback).ShouldBeTrue();
        open.Settle(owner, IPAddress.Loopback, accepted: true);
        await open.RefreshAsync(Cancellation);

        open.Owners.ShouldBe(remembered);
    }
}
