using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using AspireFeedback.LocalAspire.Testing;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>The sample server as a project resource, without servers around it: starts in a moment.</summary>
internal sealed class SampleApplication : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _deadline;

    private SampleApplication(DistributedApplication app, CancellationTokenSource deadline) => (App, _deadline) = (app, deadline);

    public static string AssemblyPath { get; } =
        typeof(SampleApplication).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "sample").Value!;

    public DistributedApplication App { get; }

    /// <summary>Ends every wait of a test that would otherwise hang.</summary>
    public CancellationToken Deadline => _deadline.Token;

    public static async Task<SampleApplication> StartAsync(
        int replicas, CancellationToken cancellationToken, Action<IResourceBuilder<ProjectResource>>? configure = null)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_limit);
        var builder = DistributedApplicationTestingBuilder.Create();
        var sample = builder.AddProject<SampleProject>("sample").WithReplicas(replicas).WithHttpHealthCheck("/health");
        configure?.Invoke(sample);
        var app = await builder.BuildAsync(deadline.Token);
        await app.StartAsync(deadline.Token);
        return new SampleApplication(app, deadline);
    }

    public Task HealthyAsync() => App.ResourceNotifications.WaitForResourceHealthyAsync("sample", Deadline);

    /// <summary>What the replica says when asked directly, past the proxy.</summary>
    public static async Task<string> AskAsync(Replica replica, string path, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(replica.Url) };
        return await client.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _deadline.Dispose();
    }
}

internal sealed class SampleProject : IBuiltProject
{
    public string AssemblyPath => SampleApplication.AssemblyPath;

    public string ProjectPath => Path.GetFullPath(Path.Combine(AssemblyPath, "../../../../Sample.csproj"));
}
