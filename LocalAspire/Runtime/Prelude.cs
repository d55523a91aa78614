using AspireFeedback.LocalAspire.Processes;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>What a person has waited for already when the run begins: <c>dotnet run</c>, which looks whether something is to be built, and this process.</summary>
internal sealed record Prelude(TimeSpan? DotnetRun, TimeSpan Process)
{
    public static Prelude Until(DateTime begin)
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var started = self.StartTime.ToUniversalTime();
        return new(DotnetRunStarted() is { } earlier && earlier < started ? started - earlier : null, begin - started);
    }

    private static DateTime? DotnetRunStarted()
    {
        if (!OperatingSystem.IsLinux() || ProcessTree.ParentOf(Environment.ProcessId) is not { } parent || !ParentWatch.IsDotnetRun(parent))
            return null;

        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(parent);
            return process.StartTime.ToUniversalTime();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended in this moment, and the run will too.
            return null;
        }
    }
}
