using System.Collections.Concurrent;
using AspireFeedback.Messaging.RabbitMq;
using Azure.Messaging.ServiceBus;
using Wolverine.AzureServiceBus;
using Wolverine.AzureServiceBus.Internal;
using Wolverine.Transports.Sending;

namespace AspireFeedback.Messaging.Wolverine.ServiceBus;

/// <summary>Wolverine's senders over Azure's client, one for each queue and one for the topic.</summary>
internal sealed class ServiceBusSending(ServiceBusContext context) : IAsyncDisposable
{
    private readonly AzureServiceBusTransport _broker = new();
    private readonly ServiceBusMapper _mapper = new();
    private readonly ConcurrentDictionary<string, Lazy<ISender>> _senders = new();
    private volatile bool _blocked;

    /// <summary>The last send was refused because the bus is full or has too much to do.</summary>
    public bool IsBlocked => _blocked;

    public async Task<SendOutcome> SendAsync(string entity, Message message, bool traced, CancellationToken cancellationToken)
    {
        if (message.Body.Length > context.Options.MaxBodyBytes)
        {
            RabbitMqLog.TooLargeToSend(context.Logger, message.Body.Length, entity, message.RequestId, context.Options.MaxBodyBytes);
            return Count(entity, SendOutcome.Failed);
        }

        using var span = traced ? MessagingTelemetry.StartSend(entity, message) : null;
        if (span is not null)
            message = message with { TraceParent = span.Id, TraceState = span.TraceStateString };
        try
        {
            var sender = _senders.GetOrAdd(entity, name => new(() => Create(name))).Value;
            await sender.SendAsync(new() { Message = message }).AsTask().WaitAsync(context.Options.SendTimeout, context.Time, cancellationToken);
            _blocked = false;
            return Count(entity, SendOutcome.Confirmed);
        }
        catch (ServiceBusException e) when (e.Reason is ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return Count(entity, SendOutcome.Unroutable);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _blocked = exception is ServiceBusException { Reason: ServiceBusFailureReason.QuotaExceeded or ServiceBusFailureReason.ServiceBusy };
            RabbitMqLog.PublishingLost(context.Logger, exception.GetBaseException().Message);
            return Count(entity, SendOutcome.Failed);
        }
    }

    /// <summary>The senders go with the client.</summary>
    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    /// <summary>As to a queue also to the topic: for a topic Wolverine makes a client with the right to manage before it sends.</summary>
    private InlineAzureServiceBusSender Create(string entity) =>
        new(new AzureServiceBusQueue(_broker, entity), _mapper, context.Client.CreateSender(entity), context.Logger, CancellationToken.None);

    private static SendOutcome Count(string destination, SendOutcome outcome)
    {
        MessagingTelemetry.CountSent(destination, outcome);
        return outcome;
    }
}
