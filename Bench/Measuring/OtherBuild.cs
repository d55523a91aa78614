namespace AspireFeedback.Bench.Measuring;

/// <summary>A clone of this repository that was built with other properties.</summary>
internal sealed record OtherBuild(string Name, string Folder)
{
    public bool IsThere => File.Exists(AssemblyOf("Web")) && File.Exists(AssemblyOf("Backend"));

    public string AssemblyOf(string project) => Path.Combine(Folder, project, "bin/Release", new DirectoryInfo(AppContext.BaseDirectory).Name, $"{project}.dll");
}
