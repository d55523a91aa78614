using System.Net;
using System.Net.Sockets;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

public sealed class DashboardAddressTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<int> _reserved = [];

    [Theory]
    [InlineData("http://localhost:15100", 15100)]
    [InlineData("https://localhost:17100; http://localhost:15100", 15100)]
    [InlineData("http://*:8080/", 8080)]
    [InlineData("http://localhost", null)]
    [InlineData("https://localhost:17100", null)]
    [InlineData("http://localhost:nothing", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_wanted_port_is_that_of_the_first_http_address(string? urls, int? port) => DashboardAddress.PortIn(urls).ShouldBe(port);

    [Fact]
    public void It_is_the_address_of_the_AppHost()
    {
        var (dashboard, otlp, otlpHttp) = (FreePort(), FreePort(), FreePort());

        var address = Reserve(
            isTest: false, ("ASPNETCORE_URLS", $"http://localhost:{dashboard}"), ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", $"http://localhost:{otlp}"),
            ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", $"http://localhost:{otlpHttp}"));

        address.Url.ShouldBe($"http://localhost:{dashboard}");
        address.OtlpGrpcUrl.ShouldBe($"http://localhost:{otlp}");
        address.OtlpHttpUrl.ShouldBe($"http://localhost:{otlpHttp}");
    }

    [Fact]
    public void Where_its_port_is_taken_it_moves_to_a_free_one()
    {
        _listener.Start();
        var taken = ((IPEndPoint)_listener.LocalEndpoint).Port;

        var address = Reserve(isTest: false, ("ASPNETCORE_URLS", $"http://localhost:{taken}"));

        address.Port.ShouldNotBe(taken);
        LoopbackPorts.IsFree(address.Port).ShouldBeTrue();
    }

    [Fact]
    public void A_test_never_takes_the_port_of_a_run()
    {
        var wanted = FreePort();

        Reserve(isTest: true, ("ASPNETCORE_URLS", $"http://localhost:{wanted}")).Port.ShouldNotBe(wanted);
    }

    [Fact]
    public void A_test_has_no_dashboard_unless_it_asks_for_one() => DashboardAddress.Decide(Configuration(), isTest: true).ShouldBeNull();

    [Fact]
    public void Telemetry_goes_to_the_dashboard_with_its_key()
    {
        var address = Reserve(isTest: true, ("AppHost:OtlpApiKey", "the-key"));

        TelemetryTarget.Choose(Configuration(), address).ShouldBe(new(address.OtlpGrpcUrl, "grpc", "x-otlp-api-key=the-key"));
        TelemetryTarget.Choose(Configuration(), null).ShouldBeNull();
    }

    [Fact]
    public void A_receiver_that_configuration_names_wins()
    {
        var configuration = Configuration(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://elsewhere:4318"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

        TelemetryTarget.Choose(configuration, Reserve(isTest: true)).ShouldBe(new("http://elsewhere:4318", "http/protobuf", null));
    }

    public void Dispose()
    {
        LoopbackPorts.Return(_reserved);
        _listener.Dispose();
    }

    private DashboardAddress Reserve(bool isTest, params (string Key, string? Value)[] settings)
    {
        var address = DashboardAddress.Reserve(Configuration(settings), isTest);
        _reserved.AddRange(address.Ports);
        return address;
    }

    private static int FreePort()
    {
        var port = LoopbackPorts.Take();
        LoopbackPorts.Return([port]);
        return port;
    }

    private static IConfigurationRoot Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();
}
