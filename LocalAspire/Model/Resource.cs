namespace Aspire.Hosting.ApplicationModel;

public abstract class Resource(string name) : IResource
{
    public string Name { get; } = ResourceName.Checked(name);

    public ResourceAnnotationCollection Annotations { get; } = [];

    public override string ToString() => $"{GetType().Name} {Name}";
}

internal static class ResourceName
{
    // The same rule as Aspire's, so that a name that works here works there.
    public static string Checked(string name) =>
        name is { Length: > 0 and <= 64 } && char.IsAsciiLetter(name[0]) && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? name
            : throw new ArgumentException($"'{name}' is no resource name: letters, digits and single hyphens, a letter first.", nameof(name));
}
