namespace AspireFeedback.Web.Files;

/// <summary>Configuration section <c>Files</c>.</summary>
internal sealed class FilesOptions
{
    /// <summary>The largest file.</summary>
    public long MaxBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>
    /// All files of one owner together, those that workers made included; 0: no limit. Uploads at the same time may exceed it by what is under way.
    /// </summary>
    public long MaxBytesPerOwner { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>What an owner who has so much may add.</summary>
    public long Left(long stored) => MaxBytesPerOwner == 0 ? long.MaxValue : Math.Max(0, MaxBytesPerOwner - stored);
}
