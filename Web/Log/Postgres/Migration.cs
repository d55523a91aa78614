using System.Reflection;

namespace AspireFeedback.Web.Log.Postgres;

/// <summary>A numbered file of <c>Migrations/</c>. It is known by its whole name: numbers may have gaps, and the one in a gap may come later.</summary>
internal sealed record Migration(string Name, string Sql)
{
    private const string Folder = ".Migrations.";

    /// <summary>In the order in which they are applied.</summary>
    public static IReadOnlyList<Migration> All { get; } = ReadAll(Assembly.GetExecutingAssembly());

    private static Migration[] ReadAll(Assembly assembly) =>
        [.. from resource in assembly.GetManifestResourceNames()
            let at = resource.IndexOf(Folder, StringComparison.Ordinal)
            where at >= 0
            let name = resource[(at + Folder.Length)..]
            orderby name
            select new Migration(name, Read(assembly, resource))];

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
