using System.Globalization;
using Aspire.Hosting;
using AspireFeedback.LocalAspire.Processes;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Servers;

/// <summary>Erlang's port mapper in the foreground. Without one of its own, the broker starts a daemon that outlives it and is shared with others.</summary>
internal sealed class EpmdWorkload(int port, string directory) : Workload
{
    public override bool IsHidden => true;

    public override Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory, DataDirectory.Private);
        var program = ServerBinaries.Epmd() ?? throw new DistributedApplicationException("epmd, a part of Erlang, is not installed.");
        return Task.FromResult(new Launch(
            program, ["-port", port.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1", "-relaxed_command_check"], directory));
    }

    public override Task<string?> CheckHealthAsync(CancellationToken cancellationToken) => EpmdProbe.AskAsync(port, cancellationToken);
}
