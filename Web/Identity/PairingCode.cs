using System.Security.Cryptography;
using System.Text;

namespace AspireFeedback.Web.Identity;

/// <summary>
/// Sixteen letters and digits that people can read to each other: 80 bits. Only a hash is stored; with so much chance in the code, a plain one does.
/// </summary>
internal static class PairingCode
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    // Crockford's: without I, L, O (read as 1 and 0) and U.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 16;
    private const int Group = 4;

    public static string New() => string.Join('-', RandomNumberGenerator.GetString(Alphabet, Length).Chunk(Group).Select(group => new string(group)));

    /// <summary>Forgives what people do when they type. Null: no code looks like that.</summary>
    public static byte[]? HashOf(string? typed)
    {
        if (typed is not { Length: <= 64 })
            return null;
        var code = string.Concat(typed.Where(c => c is not ('-' or ' ')).Select(char.ToUpperInvariant).Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c }));
        return code.Length == Length && code.All(Alphabet.Contains) ? SHA256.HashData(Encoding.ASCII.GetBytes(code)) : null;
    }
}
