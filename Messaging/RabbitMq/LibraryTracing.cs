using RabbitMQ.Client;

namespace AspireFeedback.Messaging.RabbitMq;

/// <summary>The client library puts its own span's context into the headers while somebody listens to it; the protocol's one has to win.</summary>
internal static class LibraryTracing
{
    private static int _done;

    public static void LeaveTraceContextAlone()
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
        {
            var inject = RabbitMQActivitySource.ContextInjector;
            RabbitMQActivitySource.ContextInjector = (activity, headers) =>
            {
                if (!headers.ContainsKey(Envelope.TraceParent))
                {
                    inject(activity, headers);
                }
            };
        }
    }
}
