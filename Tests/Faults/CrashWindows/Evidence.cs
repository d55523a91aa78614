using AspireFeedback.Messaging.RabbitMq;
using AspireFeedback.Tests.Support;
using RabbitMQ.Client;
using Xunit;

namespace AspireFeedback.Tests.Faults.CrashWindows;

/// <summary>What PostgreSQL and RabbitMQ hold, past Web and Backend: proves that a test is in its window.</summary>
internal sealed class Evidence(CrashSystem system)
{
    public const string Echo = "requests.echo";
    public const string CsvProfile = "requests.csv-profile";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The types of what is committed.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(Guid id)
    {
        await using var command = system.Database.CreateCommand("select type from request_events where request_id = $1 order by version");
        command.Parameters.Add(new() { Value = id });
        var types = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            types.Add(reader.GetString(0));
        return types;
    }

    /// <summary>How many messages of a request are still to be sent, as far as Web knows.</summary>
    public async Task<long> OutboxAsync(Guid id)
    {
        await using var command = system.Database.CreateCommand("select count(*) from outbox where request_id = $1 and type <> 'timer'");
        command.Parameters.Add(new() { Value = id });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>The server processes of statements that wait for a lock.</summary>
    public async Task<IReadOnlyList<int>> BlockedAsync()
    {
        await using var command = system.Database.CreateCommand(
            "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        var pids = new List<int>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            pids.Add(reader.GetInt32(0));
        return pids;
    }

    public async Task<long> ReadyAsync(string queue) => await UseAsync(channel => channel.MessageCountAsync(queue, Cancellation));

    public async Task<long> ConsumersAsync(string queue) => await UseAsync(channel => channel.ConsumerCountAsync(queue, Cancellation));

    public async Task UntilReadyAsync(string queue, long count)
    {
        var ready = -1L;
        try
        {
            await Eventually.HoldsAsync(async () => (ready = await ReadyAsync(queue)) == count);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{queue} does not have {count} ready messages, but {ready}.", e);
        }
    }

    public Task UntilConsumersAsync(string queue, long count) =>
        Eventually.HoldsAsync(async () => await ConsumersAsync(queue) == count, $"{count} consumers of {queue}");

    /// <summary>A message that no version of Web can read.</summary>
    public Task PublishGarbageReportAsync() => UseAsync(async channel =>
    {
        await channel.BasicPublishAsync(Topology.Reports, Topology.ReportsQueue, mandatory: true, "garbage"u8.ToArray(), Cancellation);
        return true;
    });

    /// <summary>Takes a message and refuses it for good, as the broker does with one that has killed its workers. Gives its request.</summary>
    public Task<string?> RefuseAsync(string queue) => UseAsync(async channel =>
    {
        var message = await channel.BasicGetAsync(queue, autoAck: false, Cancellation) ?? throw new InvalidOperationException($"{queue} is empty.");
        await channel.BasicRejectAsync(message.DeliveryTag, requeue: false, Cancellation);
        return message.BasicProperties.CorrelationId;
    });

    public Task PurgeAsync(string queue) => UseAsync(channel => channel.QueuePurgeAsync(queue, Cancellation));

    private async Task<T> UseAsync<T>(Func<IChannel, Task<T>> use)
    {
        var connection = await system.ConnectToBrokerAsync(Cancellation);
        var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await connection.CreateChannelAsync(options, Cancellation);
        return await use(channel);
    }
}
