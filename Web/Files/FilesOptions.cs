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

    /// <summary>Uploads under way on one instance. Each takes 256 KB at first, and 4 MB at most.</summary>
    public int Uploads { get; set; } = 128;

    /// <summary>Those of one owner among them. A browser sends six at a time over HTTP/1.1, and more over HTTP/2; what is refused comes again.</summary>
    public int UploadsPerOwner { get; set; } = 12;
}
