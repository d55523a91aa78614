using System.Buffers.Binary;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>
/// 64 well-mixed bits of a value. Two different values with the same bits would count as one: among ten thousand values that happens
/// once in about 10^11 columns. Always the same for the same bytes, so that a repeated run gives the same profile.
/// </summary>
internal static class ValueHash
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xD6E8FEB86659FD93;

    public static ulong Of(ReadOnlySpan<byte> value)
    {
        var hash = First ^ (ulong)value.Length;
        while (value.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value), Second);
            value = value[8..];
        }
        ulong rest = 0;
        for (var i = 0; i < value.Length; i++)
            rest |= (ulong)value[i] << (8 * i);
        return Fold(Fold(hash ^ rest, Second) ^ First, Second ^ First);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
