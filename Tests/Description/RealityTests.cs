using AspireFeedback.Tests.Support;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Description;

/// <summary><c>/openapi/v1.json</c> against what the endpoints really answer.</summary>
public sealed class RealityTests(PostgresServer postgres)
{
    /// <summary>What only an outage, a clock or several calls at once bring about, which other tests do.</summary>
    private static readonly string[] Elsewhere = ["log-unavailable", "file-incomplete", "GetFileHeaders 503", "StoreFile 429 too-many-uploads", "StoreFile 503 overloaded"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_is_described_and_every_described_answer_is_given()
    {
        await using var web = await StartAsync(("Files:MaxBytes", "1000"), ("Files:MaxBytesPerOwner", "1500"), ("Retention:Period", "1.00:00:00"));
        var api = await DescribedApi.ReadAsync(web);

        await SubmitCalls.RunAsync(api, web, StartAsync);
        await RequestCalls.RunAsync(api, web);
        await FileCalls.RunAsync(api, web);
        await IdentityCalls.RunAsync(api, web, StartAsync);

        var missing = api.Described().Where(answer => !Elsewhere.Any(answer.EndsWith)).Except(api.Seen);
        api.Deviations.Concat(missing.Select(answer => $"never answered: {answer}")).ShouldBeEmpty();
    }

    private async Task<WebReplica> StartAsync(params (string, string)[] settings) =>
        await ContractReplica.StartAsync(await postgres.CreateDatabaseAsync(Cancellation), null, settings);
}
