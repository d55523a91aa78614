using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Dashboard.Resources;

internal sealed record VariableDocument(string Name, string? Value, bool Secret);

/// <summary>What a process was given when it was started last; of a resource without a process its value.</summary>
internal sealed class EnvironmentDocuments(ApplicationRun run, SecretMask mask)
{
    /// <summary>Null when there is no such resource.</summary>
    public async Task<IReadOnlyList<VariableDocument>?> OfAsync(
        string name, string? instanceId, ICollection<string> reveal, CancellationToken cancellationToken)
    {
        if (run.Resources.FirstOrDefault(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } resource)
            return null;

        var instances = run.Instances.Where(i => i.Resource == resource && !i.IsPart).ToList();
        var instance = instanceId is null ? instances.FirstOrDefault() : instances.FirstOrDefault(i => i.Id == instanceId);
        var variables = instance?.Launch?.Environment ?? await WithoutProcessAsync(resource, cancellationToken);
        var isSecret = resource is ParameterResource { Secret: true };
        return [.. variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => Document(v.Key, v.Value, isSecret, reveal))];
    }

    private VariableDocument Document(string name, string value, bool isSecret, ICollection<string> reveal)
    {
        isSecret = isSecret || mask.IsSecret(name, value);
        return new(name, isSecret && !reveal.Contains(name) ? null : value, isSecret);
    }

    private static async Task<IReadOnlyDictionary<string, string>> WithoutProcessAsync(IResource resource, CancellationToken cancellationToken) => resource switch
    {
        ParameterResource { Value: { } value } => new Dictionary<string, string> { ["value"] = value },
        IResourceWithConnectionString connection when await connection.GetConnectionStringAsync(cancellationToken) is { } value =>
            new Dictionary<string, string> { ["connectionString"] = value },
        _ => new Dictionary<string, string>(),
    };
}
