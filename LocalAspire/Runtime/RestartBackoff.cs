namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>How long to wait before a crashed process is started again: at once the first time, then doubling; forgiven after a while of running.</summary>
internal sealed class RestartBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan ForgivenAfter = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    public TimeSpan Next(TimeSpan uptime)
    {
        if (uptime >= ForgivenAfter)
            _next = First;
        var delay = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return delay;
    }
}
