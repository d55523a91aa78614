using AspireFeedback.LocalAspire.Runtime;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs the commands <c>start</c>, <c>stop</c> and <c>restart</c>, and returns when they are done.</summary>
public sealed class ResourceCommandService
{
    private readonly ApplicationRun _run;

    internal ResourceCommandService(ApplicationRun run) => _run = run;

    /// <summary>Runs a command on an instance, or on every instance of the resource of that name.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var instances = _run.Find(resourceId);
        if (instances.Count == 0)
            return new(false, $"There is no running resource '{resourceId}'.");

        foreach (var instance in instances)
        {
            if (commandName is not ("start" or "stop" or "restart"))
                return new(false, $"There is no command '{commandName}'; there are start, stop and restart.");
            if (commandName is "stop" or "restart")
                await instance.StopAsync(cancellationToken);
            if (commandName is "start" or "restart" && !await instance.StartAsync(cancellationToken))
                return new(false, $"'{instance.Id}' did not start.");
        }

        return new(true, null);
    }
}

public sealed record ExecuteCommandResult(bool Success, string? ErrorMessage);
