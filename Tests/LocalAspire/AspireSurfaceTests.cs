using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.LocalAspire;

/// <summary>
/// The part of Aspire 13.4's public API that AppHost.cs and tests may use, with the parameters that it has there: a call that compiles here compiles there.
/// </summary>
public sealed class AspireSurfaceTests
{
    private static readonly Assembly s_host = typeof(DistributedApplication).Assembly;

    [Theory]
    [InlineData("Hosting")]
    [InlineData("Testing")]
    public void Each_call_has_the_parameters_that_Aspire_gives_it(string part)
    {
        var actual = s_host.GetExportedTypes().SelectMany(type => type.GetMethods()).Select(Signature).ToHashSet();

        Surface(part).Where(line => !actual.Contains(line)).ShouldBeEmpty();
    }

    [Fact]
    public void A_builder_of_a_database_is_a_builder_of_any_resource()
    {
        typeof(IResourceBuilder<>).GetGenericArguments()[0].GenericParameterAttributes.HasFlag(GenericParameterAttributes.Covariant).ShouldBeTrue();
        typeof(IResourceWithServiceDiscovery).FullName.ShouldBe("Aspire.Hosting.IResourceWithServiceDiscovery");
        typeof(IResourceWithServiceDiscovery).IsAssignableFrom(typeof(ExecutableResource)).ShouldBeFalse();
        typeof(IDistributedApplicationBuilder).IsAssignableFrom(typeof(IDistributedApplicationTestingBuilder)).ShouldBeTrue();
    }

    [Fact]
    public void The_AppHost_calls_nothing_else()
    {
        var known = Surface("Hosting").Select(line => line[..line.IndexOf('(', StringComparison.Ordinal)]).ToHashSet();

        CallsTo(s_host.GetName().Name!, typeof(Projects.AppHost).Assembly.Location).Where(call => !known.Contains(call)).ShouldBeEmpty();
    }

    private static string[] Surface(string part)
    {
        using var stream = typeof(AspireSurfaceTests).Assembly.GetManifestResourceStream($"AspireSurface.{part}.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // By the metadata, which also knows of calls in lambdas and local functions.
    private static List<string> CallsTo(string assembly, string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        var calls = new List<string>();
        foreach (var member in metadata.MemberReferences.Select(metadata.GetMemberReference).Where(m => m.Parent.Kind == HandleKind.TypeReference))
        {
            var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
            if (type.ResolutionScope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == assembly)
                calls.Add($"{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}");
        }

        calls.ShouldNotBeEmpty();
        return calls;
    }

    private static string Signature(MethodInfo method)
    {
        var prefix = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute)) ? "this " : "";
        var parameters = method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "default"}" : "")}");
        return $"{method.DeclaringType!.Name}.{method.Name}({prefix}{string.Join(", ", parameters)}) : {Name(method.ReturnType)}";
    }

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(',', type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
