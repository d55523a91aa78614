using System.Text;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>Bodies that are JSON, nearly JSON, and none at all.</summary>
internal static class HostileJson
{
    private static readonly string[] Values =
    [
        "null", "true", "[]", "{}", "\"\"", "0", "-0", "1.0", "1e400", "-1e400", "1E-9999", "NaN", "Infinity", "-", "01", ".5", "0x10", "9223372036854775808", "99999999999999999999999999999999999999",
        "[[[]]]", "{\"\":1}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\"2026-01-31T09:30:00Z\"", "\"9999-12-31T23:59:59.9999999+14:00\"", "\"0001-01-01T00:00:00-14:00\"", "\"2026-02-30T00:00:00Z\"",
        "\"2090-01-01\"", "\"\\uD83D\\uDE00\"", "\"\\uD83D\"", "\"\\u0000\"", "undefined", "/**/1", "'x'", "\"\\x\"", "\"", "[1,]", "{\"a\":}", "{,}", "\"\u0001\"",
    ];

    private static readonly string[] Members = ["kind", "payload", "deadline", "answer", "key", "version", "code", "carryOver", "userName", "password", "refreshToken", "text", "delayMs", "steps", "file", "__proto__", "$type", "KIND"];

    public static byte[] Body(Random random)
    {
        var bytes = random.Next(12) switch
        {
            0 => Encoding.UTF8.GetBytes(Nested(random, "[", "]")),
            1 => Encoding.UTF8.GetBytes(Nested(random, "{\"a\":", "}")),
            2 => Encoding.Unicode.GetBytes(Submit(random)),
            3 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Submit(random))],
            4 => Noise(random),
            5 => Encoding.UTF8.GetBytes(Submit(random) + Hostile.Pick(random, "x", "{}", "\0", " ", "\n\n", ",")),
            6 => Encoding.UTF8.GetBytes(AnyObject(random)),
            7 => Encoding.UTF8.GetBytes(Hostile.Pick(random, Values)),
            _ => Encoding.UTF8.GetBytes(Submit(random)),
        };
        if (random.Next(6) == 0 && bytes.Length > 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    /// <summary>Close to what would be accepted; often it is.</summary>
    public static string Submit(Random random)
    {
        if (random.Next(3) == 0)
            return $"{{\"payload\":{{\"text\":\"{random.Next()}\",\"failTimes\":{random.Next(3)}}},\"kind\":\"echo\"}}";
        var kind = random.Next(3) == 0 ? Hostile.Pick(random, Values) : Hostile.Pick(random, "\"echo\"", "\"csv-profile\"", "\"ECHO\"", "\"echo\\u0000\"");
        var text = random.Next(3) == 0 ? Hostile.Pick(random, Values) : $"\"{Hostile.Text(random).Replace("\0", "\\u0000", StringComparison.Ordinal)}\"";
        var payload = random.Next(6) == 0 ? Hostile.Pick(random, Values) : $"{{\"text\":{text}{(random.Next(3) == 0 ? $",\"delayMs\":{Hostile.Pick(random, Values)}" : "")}}}";
        var deadline = random.Next(4) == 0 ? $",\"deadline\":{Hostile.Pick(random, Values)}" : "";
        return $"{{\"kind\":{kind},\"payload\":{payload}{deadline}}}";
    }

    private static string AnyObject(Random random) =>
        $"{{{string.Join(',', Enumerable.Range(0, random.Next(1, 30)).Select(_ => $"\"{Hostile.Pick(random, Members)}\":{Hostile.Pick(random, Values)}"))}}}";

    private static string Nested(Random random, string open, string close)
    {
        var depth = Hostile.Pick(random, 60, 63, 64, 65, 70, 71, 72, 73, 80, 1_000, 100_000);
        var value = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
        return random.Next(2) == 0 ? value : $"{{\"kind\":\"echo\",\"payload\":{value}}}";
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(0, 5_000)];
        random.NextBytes(bytes);
        return bytes;
    }
}
