namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from configuration (<c>Parameters:{name}</c>); without one a secret is generated and kept beside the data.</summary>
public sealed class ParameterResource(string name, bool secret) : Resource(name), IValueProvider
{
    public bool Secret => secret;

    internal string? Value { get; set; }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Value);
}
