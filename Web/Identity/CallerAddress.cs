using System.Net;
using System.Net.Sockets;

namespace AspireFeedback.Web.Identity;

internal static class CallerAddress
{
    /// <summary>Who has one IPv6 address has all of its network's 2^64: they count as one. Without an address (a Unix socket) all are one.</summary>
    public static IPAddress Of(IPAddress? remote)
    {
        if (remote is null)
            return IPAddress.None;
        if (remote.IsIPv4MappedToIPv6)
            return remote.MapToIPv4();
        if (remote.AddressFamily is not AddressFamily.InterNetworkV6)
            return remote;
        Span<byte> bytes = stackalloc byte[16];
        remote.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new(bytes);
    }
}
