using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Dashboard;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Console;

/// <summary>What a person sees: a line for each change of a resource, why something failed, and at the end where to go.</summary>
internal sealed class ConsoleReport(TextWriter output, ApplicationRun run)
{
    private const int LinesOfAFailure = 15;
    private static readonly TimeSpan s_reminder = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private readonly Dictionary<string, string> _shown = [];
    private readonly Dictionary<string, string?> _reasons = [];
    private readonly Palette _palette = Palette.For(output);
    private bool _begun;
    private volatile bool _ready;

    public void Help() => Write(RunOptions.HelpText);

    public void Begin()
    {
        if (run.Data!.IsTakenElsewhere)
            Write($"Another run of this clone holds its data; this one has ports of its own and temporary data: {run.Data.Path}");
        lock (_gate)
            _begun = true;
        ShowReadyWhenAllIs();
    }

    public void Dashboard(DashboardStart dashboard)
    {
        if (dashboard.Host is not null)
            Write(dashboard.Host.LoginLine);
        else if (dashboard.Failure is not null)
            Write(_palette.Bad(dashboard.Failure));
    }

    public void Ending() => Write("Stopping …");

    public void Ended() => Write("Stopped. Nothing is left running.");

    public void Failed(string reason) => Write(_palette.Bad(reason));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in run.Notifications.WatchAsync(cancellationToken))
                Show(change);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Says from time to time what is still missing, and why.</summary>
    public async Task RemindAsync(CancellationToken cancellationToken)
    {
        while (!_ready)
        {
            await Task.Delay(s_reminder, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
                return;

            foreach (var late in run.Notifications.All.Where(e => e.Snapshot is { IsHealthy: false, Reason: not null }))
                Write(_palette.Quiet($"          {late.ResourceId} is not healthy: {late.Snapshot.Reason}"));
        }
    }

    private void Show(ResourceEvent change)
    {
        if (change.Snapshot.IsHidden || change.Resource is ParameterResource || change.Snapshot.State == KnownResourceStates.NotStarted)
            return;

        var before = _shown.GetValueOrDefault(change.ResourceId);
        var state = StateLine.Describe(change.Snapshot, before);
        if (before == state)
            return;

        _shown[change.ResourceId] = state;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Elapsed(),6:0.0} s  {change.ResourceId,-12} {_palette.For(change.Snapshot, state),-10} {change.Snapshot.Url}");
        Write(text.TrimEnd());
        if (StateLine.IsFailure(change.Snapshot))
            ShowFailure(change);
        ShowReadyWhenAllIs();
    }

    private void ShowFailure(ResourceEvent change)
    {
        var lines = run.Find(change.ResourceId).SelectMany(i => i.Log.Last(LinesOfAFailure)).ToList();
        // What failed again for the same reason has said it already.
        var isKnown = change.Snapshot.FailuresInARow > 1 && _reasons.GetValueOrDefault(change.ResourceId) == change.Snapshot.Reason;
        _reasons[change.ResourceId] = change.Snapshot.Reason;
        foreach (var line in lines.Where(line => !isKnown && line != change.Snapshot.Reason))
            Write(_palette.Quiet($"          {change.ResourceId} | {AnsiCodes.Strip(line)}"));
        Write($"          {change.ResourceId}: {change.Snapshot.Reason}");
    }

    private void ShowReadyWhenAllIs()
    {
        lock (_gate)
        {
            if (_ready || !_begun || !run.Notifications.All.All(e => e.Snapshot.IsHealthy))
                return;
            _ready = true;
        }

        Write(ReadyBlock.For(run, _startedAt, Elapsed(), _palette));
    }

    private double Elapsed() => TimeProvider.System.GetElapsedTime(_started).TotalSeconds;

    private void Write(string text)
    {
        lock (_gate)
            output.WriteLine(text);
    }
}
