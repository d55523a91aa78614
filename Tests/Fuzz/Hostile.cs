using System.Globalization;
using System.Text;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>Texts, ids, headers and bodies that nobody well-meaning sends. A function of the random source alone, so that a seed brings them back.</summary>
internal static class Hostile
{
    private static readonly string[] Ids =
    [
        "", " ", "17", "..", "../..", "%2e%2e", "%2e%2e%2frequests", "null", "{0}", "urn:uuid:{0}", "{{{0}}}", "({0})", "{0}x", "{0}/", "{0}%20", "%20{0}", "{0}%00", "{0}%0d%0aX-Evil:%201",
        "{0}?x", "{0}#x", "{0};v=1", "%7B{0}%7D", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "%ff%fe", "%ed%a0%80", "{0}%E2%80%AE", "{0}{0}", "%25", "%", "%zz",
        "١٢٣", "{0}\t", "a%2fb", "\\\\x", "{0}%5c..", "*", "~", "|",
    ];

    private static readonly string[] HeaderValues =
    [
        "", "\"", "\"\"", "*", "W/", "W/\"", "W/\"\"", "\"1\", W/\"1", ",,,", ";;;", "=", "wait", "wait=", "wait=-1", "wait=1.5", "wait=1e9", "wait=99999999999999999999", "wait=\"0\"", "wait=0;wait=0",
        "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-0,2-2,4-4", "bytes=-99999999999999999999", "bytes=99999999999999999999-", "lines=1-2", "bytes=0-18446744073709551616",
        "t", "tzz", "t-1", "t7fffffffffffffff", "tffffffffffffffff", "-1", "2147483647", "2147483648", "9999999999999999999999", "null", "NaN", "\\u0000", "é", "ÿ", "\t", "text/event-stream;q=x",
        "text/*;q=NaN", "application/json;charset=utf-16", "application/json;charset=", "application/", "/", "multipart/form-data;boundary=", "00-0-0-0", "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff",
        "Bearer", "Bearer ", "Bearer \"", "Basic YTpi", "Bearer .....", "feedback=; feedback", "a=b=c;;;", "http://", "http://[::1", "https://127.0.0.1:99999", "file://", "100-continue", "gzip", "cross-site",
    ];

    public static string Id(Random random) => string.Format(CultureInfo.InvariantCulture, Pick(random, Ids), random.Next(5) switch
    {
        0 => NewId(random).ToString("N"),
        1 => NewId(random).ToString().ToUpperInvariant(),
        2 => NewId(random).ToString("B"),
        3 => new string('9', random.Next(1, 3_000)),
        _ => NewId(random).ToString(),
    });

    public static string HeaderValue(Random random) => random.Next(8) switch
    {
        0 => new string((char)random.Next(33, 126), random.Next(1, 4_000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)random.Next(32, 256))),
        2 => string.Join(',', Enumerable.Range(0, random.Next(2, 300)).Select(n => $"W/\"{n}\"")),
        _ => Pick(random, HeaderValues),
    };

    public static string Query(Random random)
    {
        string[] names = ["status", "kind", "limit", "cursor", "after", "name", "id", "", "%00", "limit[]", "кто"];
        return string.Join('&', Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"{Uri.EscapeDataString(Pick(random, names))}={Escaped(random)}"));
    }

    public static string Text(Random random) => random.Next(10) switch
    {
        0 => "\0",
        1 => "\\u0000",
        2 => "\\ud800",
        3 => "\\udc00\\ud800",
        4 => new string('a', random.Next(1, 120_000)),
        5 => "\u202e\u0301\ufeff\U0001F469\u200d\U0001F469",
        6 => "'; drop table requests; --",
        7 => "\\",
        8 => "<script>alert(1)</script>",
        _ => string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)random.Next(32, 0xD7FF))),
    };

    public static T Pick<T>(Random random, params IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>From the random source, unlike <see cref="Guid.NewGuid"/>.</summary>
    public static Guid NewId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    private static string Escaped(Random random) => random.Next(4) switch
    {
        0 => Pick(random, "%", "%f", "%ff", "%00", "%ed%a0%80", "%u0041", "+", "%2B"),
        1 => Uri.EscapeDataString(HeaderValue(random)),
        2 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToBase64String(Encoding.UTF8.GetBytes(HeaderValue(random))).TrimEnd('='),
    };
}
