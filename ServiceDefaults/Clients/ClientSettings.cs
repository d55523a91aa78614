using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace AspireFeedback.ServiceDefaults.Clients;

/// <summary>
/// What the settings of Aspire's client integrations have in common, and all that this system sets of them. The methods beside this are called as
/// Aspire's are, which take their place under <c>UseAspireClients</c> (<c>docs/stacks.md</c>).
/// </summary>
public sealed class ClientSettings
{
    /// <summary><c>ConnectionStrings:{name}</c>, unless something else is set.</summary>
    public string? ConnectionString { get; set; }

    internal static Func<string> Read(IHostApplicationBuilder builder, string name, Action<ClientSettings>? configure)
    {
        var settings = new ClientSettings { ConnectionString = builder.Configuration.GetConnectionString(name) };
        configure?.Invoke(settings);
        return () => settings.ConnectionString ?? throw new InvalidOperationException($"ConnectionStrings:{name} is missing.");
    }
}
