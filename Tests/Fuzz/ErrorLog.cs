using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AspireFeedback.Tests.Fuzz;

/// <summary>Keeps what a replica calls an error: no hostile call may be one.</summary>
internal sealed class ErrorLog : ILoggerProvider
{
    public ConcurrentQueue<string> Errors { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, Errors);

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Category(string name, ConcurrentQueue<string> errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // 67: the server could not drain the body of a client that had left while it was read; it closes the connection, and the call is over.
            if (IsEnabled(logLevel) && !(name == "Microsoft.AspNetCore.Server.Kestrel" && eventId.Id == 67))
                errors.Enqueue($"{name}: {formatter(state, exception)} {exception}");
        }
    }
}
