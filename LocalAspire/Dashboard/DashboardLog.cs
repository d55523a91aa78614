using AspireFeedback.LocalAspire.Processes;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.LocalAspire.Dashboard;

/// <summary>What the server under the dashboard complains about, in a file beside the logs of the processes.</summary>
internal sealed class DashboardLog(ResourceLog log) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            log.Add($"{logLevel}: {formatter(state, exception)} {exception}".TrimEnd());
    }

    public void Dispose()
    {
    }
}
