using System.Diagnostics;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.EndToEnd;

[Collection(SystemTests.Name)]
public sealed class ReadmeTests(RunningSystem system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_curl_session_works_as_printed()
    {
        var app = await system.StartAsync(Cancellation);
        var session = (await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "README.md"), Cancellation))
            .Split("```sh").Single(block => block.Contains("curl -s -c", StringComparison.Ordinal)).Split("```")[0]
            .Replace("http://localhost:5100", app.GetEndpoint("web").ToString().TrimEnd('/'), StringComparison.Ordinal);
        var directory = Directory.CreateTempSubdirectory("feedback-readme");
        try
        {
            var output = await RunAsync(session, directory.FullName);

            output.ShouldContain("HTTP/1.1 202 Accepted");
            output.ShouldContain("\"status\":\"Succeeded\"");
            output.ShouldContain("\"name\":\"population\"");
            output.ShouldContain("\"type\":\"request-succeeded\"");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(string script, string directory)
    {
        var start = new ProcessStartInfo("bash", ["-e", "-c", script]) { WorkingDirectory = directory, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        process.ExitCode.ShouldBe(0, output);
        return output;
    }

    private static string RepositoryRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));
}
