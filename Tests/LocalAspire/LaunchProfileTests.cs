using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Runtime;
using AspireFeedback.LocalAspire.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>What a project gets from launchSettings.json.</summary>
public sealed class LaunchProfileTests
{
    private static readonly string s_project = new SampleProject().ProjectPath;

    [Theory]
    [InlineData("http", "http")]
    [InlineData("https", "https")]
    [InlineData("Staging", null)]
    public void The_profile_of_the_AppHosts_name_is_used_otherwise_the_first(string preferred, string? profile) =>
        LaunchProfile.ReadDefault(s_project, preferred).Environment.GetValueOrDefault("SAMPLE_PROFILE").ShouldBe(profile);

    [Fact]
    public void Each_address_is_an_endpoint_and_the_second_of_a_scheme_has_a_number()
    {
        var profile = LaunchProfile.Parse(
            """
            { "profiles": {
              "IIS": { "commandName": "IISExpress" },
              "all": { "commandName": "Project", "applicationUrl": "https://localhost:7001; http://localhost:7002;http://localhost:7003/" } } }
            """).ShouldHaveSingleItem().Profile;

        profile.Endpoints.ShouldBe([new("https", "https", 7001), new("http", "http", 7002), new("http2", "http", 7003)]);
    }

    [Fact]
    public void A_profile_that_is_not_there_is_told_with_those_that_are()
    {
        Should.Throw<DistributedApplicationException>(() => DistributedApplicationTestingBuilder.Create().AddProject<SampleProject>("sample", "htps"))
            .Message.ShouldEndWith("launchSettings.json has no profile 'htps' that runs the project. It has: other, http, https.");
    }

    [Fact]
    public void Without_a_profile_there_is_no_endpoint()
    {
        var sample = DistributedApplicationTestingBuilder.Create().AddProject<SampleProject>("sample", launchProfileName: null);

        sample.Resource.Annotations.OfType<EndpointAnnotation>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_profile_with_https_is_served_checked_and_told_to_others_over_https()
    {
        var directory = Directory.CreateTempSubdirectory("launch-profile-").FullName;
        var (certificate, key) = WriteCertificate(directory);
        IResourceBuilder<ProjectResource>? secure = null;
        await using var sample = await SampleApplication.StartAsync(1, TestContext.Current.CancellationToken, http => http.WithReference(
            secure = http.ApplicationBuilder.AddProject<SampleProject>("secure", "https").WithHttpHealthCheck("/health")
                .WithEnvironment("Kestrel__Certificates__Default__Path", certificate).WithEnvironment("Kestrel__Certificates__Default__KeyPath", key)));
        await sample.HealthyAsync();
        await sample.App.ResourceNotifications.WaitForResourceHealthyAsync("secure", sample.Deadline);

        var https = sample.App.GetEndpoint("secure", "https");
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, served, _, _) => served?.Subject == "CN=localhost" };
        using var client = new HttpClient(handler) { BaseAddress = https };
        (await client.GetStringAsync(new Uri("/environment/SAMPLE_PROFILE", UriKind.Relative), sample.Deadline)).ShouldBe("https");
        (await client.GetStringAsync(new Uri("/environment/ASPNETCORE_HTTPS_PORT", UriKind.Relative), sample.Deadline)).ShouldBe($"{https.Port}");
        (https.Scheme, sample.App.GetEndpoint("secure").Scheme, sample.App.Server("secure").Url[..7]).ShouldBe(("https", "http", "http://"));
        (await SampleApplication.AskAsync(sample.App.Server("sample"), "/environment/services__secure__https__0", sample.Deadline)).ShouldBe(https.ToString().TrimEnd('/'));
        Directory.Delete(directory, recursive: true);
    }

    private static (string Certificate, string Key) WriteCertificate(string directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificatePath, keyPath) = (Path.Combine(directory, "localhost.pem"), Path.Combine(directory, "localhost.key"));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return (certificatePath, keyPath);
    }
}
