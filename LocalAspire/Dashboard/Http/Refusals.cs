using AspireFeedback.LocalAspire.Processes;
using Microsoft.AspNetCore.Http;

namespace AspireFeedback.LocalAspire.Dashboard.Http;

/// <summary>Answers for what an endpoint throws.</summary>
internal static class Refusals
{
    public static async Task HandleAsync(HttpContext context, RequestDelegate next, ResourceLog log)
    {
        try
        {
            await next(context);
        }
        catch (RefusedException e) when (!context.Response.HasStarted)
        {
            await Problem.WriteAsync(context, e.Status, e.Message);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Problem.WriteAsync(context, e.StatusCode, e.Message);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // Whoever asked has gone.
        }
        // The last resort of a server: one bad request is to end neither it nor the run beside it.
#pragma warning disable CA1031
        catch (Exception e) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            log.Add($"{context.Request.Method} {context.Request.Path}: {e}");
            await Problem.WriteAsync(context, StatusCodes.Status500InternalServerError, "The dashboard failed; logs/dashboard.log beside the data says how.");
        }
    }
}
