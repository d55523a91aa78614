using Microsoft.Extensions.Logging;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>Ids 3000 to 3099.</summary>
internal static partial class RabbitMqLog
{
    [LoggerMessage(3000, LogLevel.Information, "Connection {Connection} is open after {Attempts} failed attempts.")]
    public static partial void Connected(ILogger logger, string connection, int attempts);

    [LoggerMessage(3001, LogLevel.Warning, "Connection {Connection} is lost: {Reason}. Connecting again in the background.")]
    public static partial void ConnectionLost(ILogger logger, string connection, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "Connection {Connection} cannot be opened: {Reason}. Trying on in the background.")]
    public static partial void CannotConnect(ILogger logger, string connection, string reason);

    [LoggerMessage(3003, LogLevel.Debug, "Connection {Connection} was stopped: {Reason}")]
    public static partial void StoppedWhileConnecting(ILogger logger, string connection, string reason);

    [LoggerMessage(3010, LogLevel.Warning, "Publishing stopped: {Reason}. What was not confirmed counts as failed.")]
    public static partial void PublishingLost(ILogger logger, string reason);

    [LoggerMessage(3011, LogLevel.Warning, "The broker blocks publishers: {Reason}. Sends wait until their deadline.")]
    public static partial void Blocked(ILogger logger, string reason);

    [LoggerMessage(3012, LogLevel.Information, "The broker lets publishers on.")]
    public static partial void Unblocked(ILogger logger);

    [LoggerMessage(3013, LogLevel.Error, "A message of {Bytes} bytes for {Destination} about request {RequestId} is larger than {Limit} bytes and was not sent.")]
    public static partial void TooLargeToSend(ILogger logger, int bytes, string destination, Guid requestId, int limit);

    [LoggerMessage(3014, LogLevel.Error, "A message for {Destination} does not fit into AMQP's encoding and was not sent.")]
    public static partial void CannotEncode(ILogger logger, Exception exception, string destination);

    [LoggerMessage(3020, LogLevel.Warning, "Taking from {Queue} stopped: {Reason}. Starting again in the background.")]
    public static partial void ConsumingLost(ILogger logger, string queue, string reason);

    [LoggerMessage(3021, LogLevel.Error, "A delivery from {Queue} is no message of the protocol ({Fault}); it is {Fate}.")]
    public static partial void Malformed(ILogger logger, string queue, string fault, string fate);

    [LoggerMessage(3022, LogLevel.Error, "The handler of {Queue} threw on request {RequestId}; the delivery goes back to the queue.")]
    public static partial void WorkHandlerFailed(ILogger logger, Exception exception, string queue, Guid requestId);

    [LoggerMessage(3023, LogLevel.Error, "The handler of {Queue} threw on a batch of {Count}; the batch goes back to the queue.")]
    public static partial void BatchHandlerFailed(ILogger logger, Exception exception, string queue, int count);

    [LoggerMessage(3024, LogLevel.Error, "The handler of {Queue} threw on request {RequestId}; this message of the stream is passed over.")]
    public static partial void ControlHandlerFailed(ILogger logger, Exception exception, string queue, Guid requestId);

    [LoggerMessage(3025, LogLevel.Warning, "Handlers of {Queue} still ran after {Limit}; their deliveries go to another consumer.")]
    public static partial void DrainTimedOut(ILogger logger, string queue, TimeSpan limit);

    [LoggerMessage(3026, LogLevel.Debug, "Settling on {Queue} failed with its channel: {Reason}")]
    public static partial void SettlingLost(ILogger logger, string queue, string reason);

    [LoggerMessage(3030, LogLevel.Debug, "The ready messages of {Queue} cannot be counted: {Reason}")]
    public static partial void CannotCount(ILogger logger, string queue, string reason);
}
