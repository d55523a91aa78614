namespace Aspire.Hosting;

/// <summary>Names a project of the solution; the build generates one class for each project reference of the AppHost.</summary>
public interface IProjectMetadata
{
    /// <summary>Full path of the project file.</summary>
    string ProjectPath { get; }
}

/// <summary>What LocalAspire's build adds: it runs a project from its output and needs no second build.</summary>
public interface IBuiltProject : IProjectMetadata
{
    /// <summary>Full path of the project's built assembly.</summary>
    string AssemblyPath { get; }
}
