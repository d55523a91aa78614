using System.Reflection;
using Aspire.Hosting;

namespace AspireFeedback.LocalAspire.Testing;

/// <summary>
/// The meeting point of a test and the AppHost's entry point, which runs unchanged on a thread of its own: it stops in
/// <c>Build</c> until the test has seen the builder, and in <c>Run</c> until the test is done.
/// </summary>
internal sealed class TestSession(Assembly appHost, string[] arguments)
{
    private static readonly AsyncLocal<TestSession?> s_current = new();
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(10);

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = New<DistributedApplicationBuilder>();
    private readonly TaskCompletionSource _build = New();
    private readonly TaskCompletionSource<DistributedApplication> _application = New<DistributedApplication>();
    private readonly TaskCompletionSource _ended = New();

    /// <summary>The session in which the calling code is an entry point under test, or null.</summary>
    public static TestSession? Current => s_current.Value;

    public Assembly AppHost => appHost;

    public string[] Arguments => arguments;

    public Task Ended => _ended.Task;

    public async Task<DistributedApplicationBuilder> RunToBuilderAsync(CancellationToken cancellationToken)
    {
        var thread = new Thread(RunEntryPoint) { IsBackground = true, Name = "AppHost under test" };
        thread.Start();
        return await _builder.Task.WaitAsync(s_deadline, cancellationToken);
    }

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _build.TrySetResult();
        return await _application.Task.WaitAsync(s_deadline, cancellationToken);
    }

    public void OfferBuilder(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        if (!_build.Task.Wait(s_deadline))
            throw new TimeoutException("The test never built its application.");
    }

    public void OfferApplication(DistributedApplication application) => _application.TrySetResult(application);

    public void End()
    {
        _build.TrySetCanceled();
        _ended.TrySetResult();
    }

    private void RunEntryPoint()
    {
        s_current.Value = this;
        try
        {
            var entryPoint = appHost.EntryPoint ?? throw new InvalidOperationException($"{appHost.GetName().Name} has no entry point.");
            entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entryPoint.GetParameters().Length == 0 ? null : [arguments], null);
            Fail(new InvalidOperationException($"The entry point of {appHost.GetName().Name} ended without building an application."));
        }
        // Whatever the AppHost throws is the answer to whoever waits for it; on this thread it would end the test process.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }

    private void Fail(Exception error)
    {
        _builder.TrySetException(error);
        _application.TrySetException(error);
        // Observed here, since a test that ended early asks for neither.
        _ = (_builder.Task.Exception, _application.Task.Exception);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
