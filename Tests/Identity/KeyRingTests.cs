using System.Net;
using System.Xml.Linq;
using AspireFeedback.Tests.Support;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class KeyRingTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_that_start_at_once_share_one_key()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        using var bothHaveRead = new Barrier(2);
        var replicas = await Task.WhenAll(StartAsync(), StartAsync());

        await using var reader = NpgsqlDataSource.Create(database);
        (await reader.CreateCommand("select count(*) from data_protection_keys").ExecuteScalarAsync(Cancellation)).ShouldBe(1L);
        foreach (var replica in replicas)
            await replica.DisposeAsync();

        Task<WebReplica> StartAsync() => Task.Run(() => WebReplica.StartAsync(database, builder => builder.Services
            .PostConfigure<KeyManagementOptions>(options => options.XmlRepository = new Hesitant(options.XmlRepository!, bothHaveRead))));
    }

    /// <summary>Waits after its first reading for the other replica to have read too: the worst moment. Where only one may read at a time, for a second.</summary>
    private sealed class Hesitant(IXmlRepository keys, Barrier bothHaveRead) : IXmlRepository
    {
        private int _readings;

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            var elements = keys.GetAllElements();
            if (Interlocked.Increment(ref _readings) == 1)
                bothHaveRead.SignalAndWait(TimeSpan.FromSeconds(1), Cancellation);
            return elements;
        }

        public void StoreElement(XElement element, string friendlyName) => keys.StoreElement(element, friendlyName);
    }

    [Fact]
    public async Task A_guest_outlives_every_replica()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        var cookies = new CookieContainer();
        string before, after;
        await using (var first = await WebReplica.StartAsync(database))
        {
            using var browser = first.Browser(cookies);
            before = await browser.GetStringAsync("/me", Cancellation);
        }

        await using (var second = await WebReplica.StartAsync(database))
        {
            using var browser = second.Browser(cookies);
            after = await browser.GetStringAsync("/me", Cancellation);
        }

        after.ShouldBe(before);
    }

    [Fact]
    public async Task Another_installation_on_the_same_host_leaves_the_cookie_alone()
    {
        var (one, other) = (await postgres.CreateDatabaseAsync(Cancellation), await postgres.CreateDatabaseAsync(Cancellation));
        await using (var setup = NpgsqlDataSource.Create(other))
            await setup.CreateCommand("update installation set id = gen_random_uuid()").ExecuteNonQueryAsync(Cancellation);
        await using var here = await WebReplica.StartAsync(one);
        await using var there = await WebReplica.StartAsync(other);
        var cookies = new CookieContainer();
        using var atHere = here.Browser(cookies);
        using var atThere = there.Browser(cookies);

        var before = await atHere.GetStringAsync("/me", Cancellation);
        var foreign = await atThere.GetStringAsync("/me", Cancellation);

        foreign.ShouldNotBe(before);
        (await atHere.GetStringAsync("/me", Cancellation)).ShouldBe(before);
        (await atThere.GetStringAsync("/me", Cancellation)).ShouldBe(foreign);
    }
}
