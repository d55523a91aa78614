using System.Globalization;
using System.Text;
using AspireFeedback.Messaging;
using AspireFeedback.Messaging.RabbitMq;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Messaging;

public sealed class EnvelopeTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly Guid Id = Guid.Parse("0199aabb-0000-7000-8000-00000000abcd");
    private static readonly byte[] Body = """{"a":1}"""u8.ToArray();

    [Fact]
    public void A_message_survives_the_way_through_properties()
    {
        var message = new Message(Id, Guid.CreateVersion7(), MessageTypes.Report, Body)
        {
            Attempt = 2,
            Hop = 3,
            Run = Guid.CreateVersion7(),
            Deadline = DateTimeOffset.Parse("2026-03-01T12:00:00.1234567Z", CultureInfo.InvariantCulture),
            TraceParent = Trace,
            TraceState = "vendor=1",
            Alone = true,
            Files = "http://localhost:5100/files capability",
        };

        var written = Envelope.Write(message);

        written.Persistent.ShouldBeTrue();
        written.ContentType.ShouldBe("application/json");
        Read(AsDelivered(written)).ShouldBe(message);
    }

    [Fact]
    public void What_the_sender_does_not_say_is_absent()
    {
        var message = new Message(Id, Guid.CreateVersion7(), MessageTypes.Work, Body);

        var written = Envelope.Write(message);

        written.Headers.ShouldBeEmpty();
        Read(written).ShouldBe(message);
    }

    public static TheoryData<object> Twos => [(byte)2, (sbyte)2, (short)2, (ushort)2, 2, 2u, 2L, "2", "2"u8.ToArray()];

    [Theory]
    [MemberData(nameof(Twos))]
    public void A_number_may_come_in_any_encoding_of_a_foreign_client(object two) =>
        Read(Properties(("feedback-attempt", two), ("feedback-hop", two))).Attempt.ShouldBe(2);

    [Fact]
    public void A_deadline_may_come_as_an_AMQP_timestamp() =>
        Read(Properties(("feedback-deadline", new AmqpTimestamp(1_772_366_400)))).Deadline.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_772_366_400));

    [Fact]
    public void A_deadline_with_an_offset_is_read_as_UTC() =>
        Read(Properties(("feedback-deadline", "2026-03-01T13:00:00+01:00"))).Deadline
            .ShouldBe(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public static TheoryData<string, object> WrongHeaders => new()
    {
        { "feedback-attempt", "two" },
        { "feedback-attempt", -1 },
        { "feedback-attempt", 3_000_000_000L },
        { "feedback-attempt", 1.5 },
        { "feedback-hop", new List<object?> { 1 } },
        { "feedback-run", "no-uuid" },
        { "feedback-run", 7 },
        { "feedback-run", new byte[] { 0xFF, 0xFE } },
        { "feedback-deadline", "tomorrow" },
        { "feedback-deadline", "12:30" },
        { "feedback-deadline", new AmqpTimestamp(long.MaxValue) },
        { "feedback-files", new Dictionary<string, object?>() },
        { "feedback-files", new string('x', 100_000) },
    };

    [Theory]
    [MemberData(nameof(WrongHeaders), DisableDiscoveryEnumeration = true)]
    public void A_header_of_the_wrong_type_or_form_is_a_fault(string name, object value) =>
        Fault(Properties((name, value)), Body).ShouldNotBeNull().ShouldContain("header");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("0199aabb00007000800000000000abcd")]
    public void Without_a_UUID_as_correlation_id_it_is_no_message(string? correlationId) =>
        Fault(new() { CorrelationId = correlationId, Type = "report" }, Body).ShouldBe("no UUID as correlation-id");

    [Fact]
    public void Without_a_type_it_is_no_message() => Fault(new() { CorrelationId = Id.ToString() }, Body).ShouldBe("no type");

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("hello")]
    [InlineData("\uFEFF{}")]
    public void A_body_that_is_not_one_JSON_value_is_a_fault(string body) =>
        Fault(Properties(), Encoding.UTF8.GetBytes(body)).ShouldBe("a body that is not JSON");

    [Fact]
    public void A_body_nested_without_end_is_a_fault() =>
        Fault(Properties(), Encoding.UTF8.GetBytes(new string('[', 100_000))).ShouldBe("a body that is not JSON");

    [Fact]
    public void A_dead_letter_tells_of_its_request_whatever_its_body()
    {
        Envelope.TryRead(new BasicProperties { CorrelationId = Id.ToString() }, "{"u8.ToArray(), out var message, out _, checkBody: false).ShouldBeTrue();
        message!.RequestId.ShouldBe(Id);
    }

    [Theory]
    [InlineData("order-17")]
    [InlineData(null)]
    public void A_foreign_message_id_gives_the_same_UUID_each_time(string? messageId)
    {
        var first = Read(Properties(messageId)).MessageId;

        first.ShouldBe(Read(Properties(messageId)).MessageId);
        first.Version.ShouldBe(8);
        first.ShouldNotBe(Read(Properties("order-18")).MessageId);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData(5)]
    public void A_trace_that_cannot_be_read_is_left_out(object traceParent)
    {
        var message = Read(Properties(("traceparent", traceParent), ("tracestate", "a=1")));

        message.TraceParent.ShouldBeNull();
        message.TraceState.ShouldBeNull();
    }

    private static BasicProperties Properties(params (string Name, object Value)[] headers) =>
        new() { CorrelationId = Id.ToString(), Type = "report", Headers = headers.ToDictionary(header => header.Name, header => (object?)header.Value) };

    private static BasicProperties Properties(string? messageId) => new() { CorrelationId = Id.ToString(), Type = "report", MessageId = messageId };

    private static Message Read(BasicProperties properties)
    {
        Envelope.TryRead(properties, Body, out var message, out var fault).ShouldBeTrue(fault);
        return message!;
    }

    private static string? Fault(BasicProperties properties, byte[] body)
    {
        Envelope.TryRead(properties, body, out _, out var fault).ShouldBeFalse();
        return fault;
    }

    /// <summary>Text headers come back from the broker as bytes.</summary>
    private static BasicProperties AsDelivered(BasicProperties written) => new(written)
    {
        Headers = written.Headers!.ToDictionary(header => header.Key, header => header.Value is string text ? Encoding.UTF8.GetBytes(text) : header.Value),
    };
}
