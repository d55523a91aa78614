using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Brings one instance into another state. Each command gives null once the instance is there, otherwise why it is not.</summary>
internal static class InstanceCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<string> Names { get; } =
        [KnownResourceCommands.StartCommand, KnownResourceCommands.StopCommand, KnownResourceCommands.RestartCommand, KnownResourceCommands.KillCommand];

    public static Func<Instance, CancellationToken, Task<string?>>? Find(string name) => name switch
    {
        "start" => (instance, token) => WithinPatience(StartAsync, instance, token),
        "stop" => (instance, token) => WithinPatience(StopAsync, instance, token),
        "restart" => (instance, token) => WithinPatience(RestartAsync, instance, token),
        "kill" => (instance, token) => WithinPatience(KillAsync, instance, token),
        _ => null,
    };

    private static async Task<string?> StartAsync(Instance instance, CancellationToken cancellationToken)
    {
        await instance.StartAsync(cancellationToken);
        var snapshot = await instance.WaitAsync(s => s.IsHealthy || s.HasFailed || s.State == KnownResourceStates.Finished, cancellationToken);
        return snapshot.IsHealthy ? null : $"'{instance.Id}' did not start: {snapshot.Reason}";
    }

    private static async Task<string?> StopAsync(Instance instance, CancellationToken cancellationToken)
    {
        await instance.StopAsync(cancellationToken);
        return null;
    }

    private static async Task<string?> RestartAsync(Instance instance, CancellationToken cancellationToken)
    {
        await instance.StopAsync(cancellationToken);
        return await StartAsync(instance, cancellationToken);
    }

    private static async Task<string?> KillAsync(Instance instance, CancellationToken cancellationToken) =>
        await instance.CrashedAsync(cancellationToken) ? null : $"'{instance.Id}' is not running.";

    private static async Task<string?> WithinPatience(
        Func<Instance, CancellationToken, Task<string?>> command, Instance instance, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        try
        {
            return await command(instance, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var snapshot = instance.Snapshot;
            return string.Create(CultureInfo.InvariantCulture, $"'{instance.Id}' is {snapshot.State} after {s_patience.TotalSeconds:0} s: {snapshot.Reason}");
        }
    }
}
