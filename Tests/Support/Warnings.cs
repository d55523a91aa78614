using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.Tests.Support;

/// <summary>What is told from warnings on, by category.</summary>
internal sealed class Warnings : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, string Text)> _told = new();

    public IEnumerable<string> Of(string category) => _told.Where(told => told.Category.EndsWith(category, StringComparison.Ordinal)).Select(told => told.Text);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(Warnings warnings, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            warnings._told.Enqueue((category, formatter(state, exception)));
    }
}
