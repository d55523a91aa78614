namespace AspireFeedback.Backend.CsvProfile;

/// <summary>The file cannot be profiled, and trying again will not help. The message is for the person who sent it.</summary>
internal sealed class CsvRefusedException(string message, Exception? innerException = null) : Exception(message, innerException);
