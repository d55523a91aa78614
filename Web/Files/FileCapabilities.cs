using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using AspireFeedback.Web.Log;
using Microsoft.AspNetCore.DataProtection;

namespace AspireFeedback.Web.Files;

/// <summary>What a request's worker may do until then: read the named files and those made for the request, and make new ones for its owner.</summary>
internal sealed record FileCapability(Guid Owner, Guid RequestId, IReadOnlyList<Guid> Readable, DateTimeOffset Until)
{
    public bool CanRead(StoredFile file) => file.RequestId == RequestId || Readable.Contains(file.Id);
}

/// <summary>Valet keys: who holds one acts on files without being anybody. Signed and encrypted, so that any instance can check them without a row.</summary>
internal sealed class FileCapabilities(IDataProtectionProvider protection, IConfiguration configuration, TimeProvider time, FeedbackEndpoint? routes = null)
{
    /// <summary>A capability travels in one header, whose length servers limit.</summary>
    public const int MaxFiles = 200;

    /// <summary>A run that ends at the last moment still writes its files.</summary>
    public static readonly TimeSpan AfterDeadline = TimeSpan.FromDays(1);
    private static readonly DateTimeOffset LatestDeadline = DateTimeOffset.MaxValue.AddYears(-1); // leaves room to add to it
    private readonly IDataProtector _protector = protection.CreateProtector("file-capability", "v1");
    private readonly string _baseUrl = (configuration["Feedback:FilesUrl"] ?? "http://web").TrimEnd('/') + routes?.Prefix;

    /// <summary>What a message carries for its request's files: base URL and capability, separated by one space.</summary>
    public string WireOf(Outgoing outgoing) =>
        $"{_baseUrl} {Issue(outgoing.Owner, outgoing.RequestId, outgoing.Files ?? [], UntilOf(outgoing.Deadline))}";

    private static DateTimeOffset UntilOf(DateTimeOffset deadline) => (deadline < LatestDeadline ? deadline : LatestDeadline) + AfterDeadline;

    public string Issue(Guid owner, Guid requestId, IReadOnlyList<Guid> readable, DateTimeOffset until)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(readable.Count, MaxFiles);
        var bytes = new byte[40 + 16 * readable.Count];
        BinaryPrimitives.WriteInt64BigEndian(bytes, until.ToUnixTimeMilliseconds());
        owner.TryWriteBytes(bytes.AsSpan(8));
        requestId.TryWriteBytes(bytes.AsSpan(24));
        for (var i = 0; i < readable.Count; i++)
            readable[i].TryWriteBytes(bytes.AsSpan(40 + 16 * i));
        return Base64Url.EncodeToString(_protector.Protect(bytes));
    }

    /// <returns>Null when it is forged, broken or past its time.</returns>
    public FileCapability? Read(string token)
    {
        byte[] bytes;
        try
        {
            bytes = _protector.Unprotect(Base64Url.DecodeFromChars(token));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }

        var until = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
        if (until <= time.GetUtcNow())
            return null;
        var readable = new Guid[(bytes.Length - 40) / 16];
        for (var i = 0; i < readable.Length; i++)
            readable[i] = new(bytes.AsSpan(40 + 16 * i, 16));
        return new(new(bytes.AsSpan(8, 16)), new(bytes.AsSpan(24, 16)), readable, until);
    }
}
