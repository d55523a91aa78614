using System.Diagnostics;
using System.Globalization;

namespace AspireFeedback.LocalAspire.Processes;

/// <summary>
/// Sees to it that nothing survives the AppHost, however that ends. A shell in a session of its own reads a pipe whose only writer
/// is this process; when the pipe closes, it ends every child that it was told of, then everything that carries the run's mark,
/// and removes throw-away data. A parent-death signal would not do: it is bound to the thread that started the child, and is lost on exec of
/// a program of another user.
/// </summary>
internal sealed class Undertaker : IAsyncDisposable
{
    private const string Script =
        """
        mark=$1; remove=$2; pids=' '
        trap '' HUP INT TERM
        while read -r verb pid signal; do
          case $verb in
            watch) pids="$pids$pid:$signal " ;;
            forget) rest=${pids#*" $pid:"}; [ "$rest" = "$pids" ] || pids="${pids%%" $pid:"*} ${rest#* }" ;;
          esac
        done
        marked() { grep -lsaF "LOCALASPIRE_RUN=$mark" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }
        for entry in $pids; do kill -"${entry#*:}" "${entry%:*}"; kill -CONT "${entry%:*}"; done 2>/dev/null
        tries=0
        while [ $tries -lt 30 ]; do
          left=; for entry in $pids; do kill -0 "${entry%:*}" 2>/dev/null && left="$left ${entry%:*}"; done
          [ -z "$left" ] && [ -z "$(marked)" ] && break
          tries=$((tries + 1)); sleep 0.1
        done
        for entry in $pids; do kill -KILL "${entry%:*}"; done 2>/dev/null
        tries=0
        while left=$(marked); [ -n "$left" ] && [ $tries -lt 20 ]; do
          kill -KILL $left 2>/dev/null
          tries=$((tries + 1)); sleep 0.1
        done
        [ -n "$remove" ] && rm -rf -- "$remove"
        exit 0
        """;

    private readonly Process _process;
    private readonly Lock _gate = new();

    private Undertaker(Process process, string mark) => (_process, Mark) = (process, mark);

    public string Mark { get; }

    /// <param name="removeAtEnd">A directory of throw-away data, or nothing.</param>
    public static Undertaker Start(string? removeAtEnd)
    {
        var mark = Guid.NewGuid().ToString("N");
        var setsid = ExecutablePath.Find("setsid");
        var start = new ProcessStartInfo(setsid ?? "/bin/sh") { RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = "/" };
        string[] arguments = ["-c", Script, "local-aspire-undertaker", mark, removeAtEnd ?? ""];
        if (setsid is not null)
            start.ArgumentList.Add("/bin/sh");
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Remove(ChildEnvironment.MarkVariable);
        return new Undertaker(Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start."), mark);
    }

    public void Watch(int processId, int abandonSignal) => Tell(string.Create(CultureInfo.InvariantCulture, $"watch {processId} {abandonSignal}"));

    public void Forget(int processId) => Tell(string.Create(CultureInfo.InvariantCulture, $"forget {processId}"));

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _process.StandardInput.Close();
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(8)));
        _process.Dispose();
    }

    private void Tell(string line)
    {
        lock (_gate)
        {
            try
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Somebody killed it, or it is done. What it guards against then is the loss of the AppHost too, in the same run.
            }
        }
    }
}
