using System.Globalization;
using System.Security.Cryptography;
using AspireFeedback.LocalAspire.Processes;
using Microsoft.Extensions.Configuration;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>
/// Where the dashboard of this run listens and what opens its telemetry receiver: decided before the first process starts, since every process is
/// told of it. The ports are reserved from then on; whoever shows the dashboard only binds them.
/// </summary>
internal sealed record DashboardAddress(int Port, int OtlpGrpcPort, int OtlpHttpPort, string OtlpApiKey)
{
    public string Url => Loopback(Port);

    /// <summary>OTLP over gRPC, HTTP/2 without TLS.</summary>
    public string OtlpGrpcUrl => Loopback(OtlpGrpcPort);

    /// <summary>OTLP over HTTP with protobuf.</summary>
    public string OtlpHttpUrl => Loopback(OtlpHttpPort);

    public IReadOnlyList<int> Ports => [Port, OtlpGrpcPort, OtlpHttpPort];

    /// <summary>
    /// The AppHost's own addresses, which are the dashboard's as with Aspire, or free ones where those are taken. Null when it is off:
    /// by <c>Dashboard:Enabled=false</c>, and in a test unless that asks for it.
    /// </summary>
    public static DashboardAddress? Decide(IConfiguration configuration, bool isTest) =>
        configuration.GetValue("Dashboard:Enabled", !isTest) ? Reserve(configuration, isTest) : null;

    internal static DashboardAddress Reserve(IConfiguration configuration, bool isTest)
    {
        // Tests run side by side, each on ports of its own.
        int? Wanted(string key) => isTest ? null : PortIn(configuration[key]);
        return new DashboardAddress(
            LoopbackPorts.Take(Wanted("ASPNETCORE_URLS")),
            LoopbackPorts.Take(Wanted("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL")),
            LoopbackPorts.Take(Wanted("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL")),
            configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key ? key : RandomNumberGenerator.GetHexString(32, lowercase: true));
    }

    internal static int? PortIn(string? urls)
    {
        var http = urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        return ushort.TryParse(http?[(http.LastIndexOf(':') + 1)..].TrimEnd('/'), CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
}
