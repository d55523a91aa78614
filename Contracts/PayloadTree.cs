using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace AspireFeedback.Contracts;

/// <summary>A payload as a small tree of records and lists: the rules on its members, and what stands in it, however deep.</summary>
public static class PayloadTree
{
    /// <summary>What breaks a rule of <see cref="System.ComponentModel.DataAnnotations"/>, by path as the sender wrote it: <c>items[0].sku</c>.</summary>
    public static IReadOnlyDictionary<string, string[]> FindErrors(object payload)
    {
        var errors = new List<(string Path, string Error)>();
        Walk("", payload, depth: 0, (path, node) =>
        {
            var found = new List<ValidationResult>();
            if (Validator.TryValidateObject(node, new(node), found, validateAllProperties: true))
                return;
            errors.AddRange(found.SelectMany(error => error.MemberNames.DefaultIfEmpty("")
                .Select(member => (Join(path, member), error.ErrorMessage ?? "It is not valid."))));
        });
        return errors.GroupBy(error => error.Path, error => error.Error).ToDictionary(group => group.Key, group => group.ToArray());
    }

    /// <summary>The files that the payload names.</summary>
    public static IReadOnlyList<Guid> FindFiles(object payload)
    {
        var files = new List<Guid>();
        Walk("", payload, depth: 0, (_, node) =>
        {
            if (node is FileRef file)
                files.Add(file.Id);
        });
        return files;
    }

    private static void Walk(string path, object? value, int depth, Action<string, object> visit)
    {
        if (value is null or string or JsonElement || depth > FeedbackJson.MaxDepth)
            return;
        if (value is IEnumerable items)
        {
            var index = 0;
            foreach (var item in items)
                Walk($"{path}[{index++}]", item, depth + 1, visit);
            return;
        }

        var type = value.GetType();
        if (type.IsEnum || !IsOfAContract(type))
            return;
        visit(path, value);
        if (value is FileRef)
            return;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length == 0 && !property.PropertyType.IsPrimitive)
                Walk(Join(path, property.Name), property.GetValue(value), depth + 1, visit);
        }
    }

    /// <summary>Whoever registers kinds brings the types of their payloads; those of the framework have no rules and no files in them.</summary>
    private static bool IsOfAContract(Type type) =>
        type.Namespace is not { } space || !(space == "System" || space.StartsWith("System.", StringComparison.Ordinal));

    private static string Join(string path, string member) => (path, member) switch
    {
        (_, "") => path,
        ("", _) => JsonNamingPolicy.CamelCase.ConvertName(member),
        _ => $"{path}.{JsonNamingPolicy.CamelCase.ConvertName(member)}",
    };
}
