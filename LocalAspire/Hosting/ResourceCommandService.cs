using AspireFeedback.LocalAspire.Runtime;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// Runs the commands <c>start</c>, <c>stop</c>, <c>restart</c> and <c>kill</c>. The answer comes when the state has changed: started means healthy,
/// stopped means that the process is gone. What was killed comes back by itself, as after a crash; what was stopped stays down until it is started.
/// </summary>
public sealed class ResourceCommandService
{
    private readonly ApplicationRun _run;

    internal ResourceCommandService(ApplicationRun run) => _run = run;

    /// <summary>Runs a command on every instance of a resource at once.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <summary>Runs a command on the instance of that id, or on every instance of the resource of that name at once.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var instances = _run.Find(resourceId).Where(instance => !instance.IsPart).ToList();
        if (instances.Count == 0)
            return Failure($"'{resourceId}' has no process of its own, so there is nothing to {commandName}.");

        var command = InstanceCommand.Find(commandName);
        if (command is null)
            return Failure($"There is no command '{commandName}'; there are {string.Join(", ", InstanceCommand.Names)}.");

        var failures = await Task.WhenAll(instances.Select(instance => command(instance, cancellationToken)));
        return failures.Any(failure => failure is not null)
            ? Failure(string.Join('\n', failures.Where(failure => failure is not null)))
            : new ExecuteCommandResult { Success = true };
    }

    private static ExecuteCommandResult Failure(string message) => new() { Success = false, Message = message };
}
