using System.Text;
using AspireFeedback.LocalAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

/// <summary>OTLP/HTTP with protobuf: https://opentelemetry.io/docs/specs/otlp/#otlphttp.</summary>
internal sealed class OtlpHttp(OtlpReceiver receiver)
{
    private const string Protobuf = "application/x-protobuf";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/traces", context => TakeAsync(context, Signal.Traces));
        routes.MapPost("/v1/metrics", context => TakeAsync(context, Signal.Metrics));
        routes.MapPost("/v1/logs", context => TakeAsync(context, Signal.Logs));
    }

    /// <summary>A google.rpc.Status, which is what the specification wants of a refusal.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Protobuf;
        var text = Encoding.UTF8.GetBytes(message.Length > 100 ? message[..100] : message);
        // Field 2, a string that is short enough for a length of one byte.
        return context.Response.Body.WriteAsync((byte[])[0x12, (byte)text.Length, .. text]).AsTask();
    }

    private async Task TakeAsync(HttpContext context, Signal signal)
    {
        var request = context.Request;
        var encoding = request.Headers.ContentEncoding.ToString();
        if (request.ContentType?.StartsWith(Protobuf, StringComparison.OrdinalIgnoreCase) is not true || encoding is not ("" or "identity" or "gzip"))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, $"{Protobuf}, as it is or with gzip.");
            return;
        }

        try
        {
            await receiver.ReceiveAsync(signal, token => OtlpBody.ReadAsync(request.Body, encoding == "gzip", token), context.RequestAborted);
            // The response message of all three signals is empty when everything was taken.
            context.Response.ContentType = Protobuf;
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (OtlpTooLargeException e)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, e.Message);
        }
    }
}
