namespace AspireFeedback.Web.Identity;

/// <summary>
/// Metadata of an endpoint whose calls last as long as their client likes, and push to it: the hub and the event streams. What the call says about
/// itself would not do: whoever leaves a header out would escape the check of its origin and every revocation.
/// </summary>
internal sealed class StaysOpen
{
    public static bool Is(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<StaysOpen>() is not null;
}

internal static class StaysOpenConvention
{
    public static TBuilder StaysOpen<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new StaysOpen());
}
