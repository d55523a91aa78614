using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Console;

/// <summary>The end of a start: where to go, and the secrets that the user did not choose.</summary>
internal static class ReadyBlock
{
    public static string For(ApplicationRun run, DateTimeOffset beginning, double seconds, Palette palette)
    {
        var text = new StringBuilder().AppendLine();
        text.AppendLine(palette.Strong(string.Create(CultureInfo.InvariantCulture, $"Ready after {seconds:0.0} s.")));
        text.AppendLine(palette.Quiet(Before(Prelude.Until(beginning.UtcDateTime)))).Append(StartTable.For(run.Instances, beginning, palette)).AppendLine();
        foreach (var resource in run.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e is { IsExternal: true, AllocatedEndpoint: not null }))
                Add(text, resource.Name, endpoint.AllocatedEndpoint!.UriString + Moved(endpoint));
        }

        foreach (var parameter in run.Resources.OfType<ParameterResource>())
            Add(text, parameter.Name, parameter.Value!);
        foreach (var server in run.Resources.OfType<ServerResource>())
            Add(text, server.Name, server.ExternalConnectionString is null ? server.OwnConnectionString : "given from outside");
        Add(text, "data", run.Data!.Path + (run.Data.IsTemporary ? " (temporary)" : " (--reset wipes it)"));
        return text.Append("Ctrl+C stops everything.").ToString();
    }

    private static string Before(Prelude prelude) => "  Before that: "
        + (prelude.DotnetRun is { } build ? string.Create(CultureInfo.InvariantCulture, $"dotnet run {build.TotalSeconds:0.0} s, ") : "")
        + string.Create(CultureInfo.InvariantCulture, $"this process {prelude.Process.TotalSeconds:0.0} s.");

    private static void Add(StringBuilder text, string name, string value) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-12} {value}");

    private static string Moved(EndpointAnnotation endpoint) =>
        endpoint.Port is { } wanted && wanted != endpoint.AllocatedEndpoint!.Port ? $"  (port {wanted} is taken)" : "";
}
