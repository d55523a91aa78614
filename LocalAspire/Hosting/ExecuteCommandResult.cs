namespace Aspire.Hosting.ApplicationModel;

/// <summary>The end of a command.</summary>
public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Message { get; init; }
}
