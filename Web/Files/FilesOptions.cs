namespace AspireFeedback.Web.Files;

/// <summary>Configuration section <c>Files</c>.</summary>
internal sealed class FilesOptions
{
    /// <summary>The largest file.</summary>
    public long MaxBytes { get; set; } = 2L * 1024 * 1024 * 1024;
}
