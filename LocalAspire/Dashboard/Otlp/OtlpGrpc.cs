using System.Buffers.Binary;
using System.Globalization;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

internal enum GrpcStatus
{
    Ok = 0,
    InvalidArgument = 3,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Unauthenticated = 16,
}

/// <summary>
/// The three Export calls of OTLP over gRPC: a POST over HTTP/2 with one message behind five bytes of header, answered by one and a status in the
/// trailer. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
/// </summary>
internal sealed class OtlpGrpc(OtlpReceiver receiver)
{
    private const string ContentType = "application/grpc";
    private static readonly byte[] s_emptyMessage = new byte[5];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => TakeAsync(context, Signal.Traces));
        routes.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => TakeAsync(context, Signal.Metrics));
        routes.MapPost("/opentelemetry.proto.collector.logs.v1.LogsService/Export", context => TakeAsync(context, Signal.Logs));
    }

    /// <summary>The status as a header of a response without a body, which gRPC calls trailers-only.</summary>
    public static void Refuse(HttpContext context, GrpcStatus status, string message)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = ContentType;
        context.Response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
    }

    private async Task TakeAsync(HttpContext context, Signal signal)
    {
        if (context.Request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) is not true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var encoding = context.Request.Headers["grpc-encoding"].ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            context.Response.Headers["grpc-accept-encoding"] = "identity,gzip";
            Refuse(context, GrpcStatus.Unimplemented, "Send it as it is or with gzip.");
            return;
        }

        try
        {
            await receiver.ReceiveAsync(signal, token => ReadMessageAsync(context.Request.Body, encoding, token), context.RequestAborted);
            context.Response.ContentType = ContentType;
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(s_emptyMessage, context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            Refuse(context, GrpcStatus.InvalidArgument, e.Message);
        }
        catch (OtlpTooLargeException e)
        {
            Refuse(context, GrpcStatus.ResourceExhausted, e.Message);
        }
    }

    private static async Task<byte[]> ReadMessageAsync(Stream body, string encoding, CancellationToken cancellationToken)
    {
        var header = new byte[5];
        await body.ReadExactlyAsync(header, cancellationToken);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        if (length > OtlpBody.MaxBytes)
            throw new OtlpTooLargeException();
        if (header[0] > 1 || (header[0] == 1 && encoding != "gzip"))
            throw new InvalidDataException("The message is compressed in a way that its headers do not tell.");

        var message = new byte[length];
        await body.ReadExactlyAsync(message, cancellationToken);
        // A call of these has one message.
        if (await body.ReadAsync(new byte[1], cancellationToken) > 0)
            throw new InvalidDataException("There is more than one message.");
        if (header[0] == 0)
            return message;
        using var compressed = new MemoryStream(message);
        return await OtlpBody.ReadAsync(compressed, isGzip: true, cancellationToken);
    }
}
