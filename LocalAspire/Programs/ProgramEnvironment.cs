using Aspire.Hosting.ApplicationModel;
using AspireFeedback.LocalAspire.Runtime;

namespace AspireFeedback.LocalAspire.Programs;

/// <summary>The environment of one replica: what Aspire gives it, in Aspire's names, so that a program cannot tell the two apart.</summary>
internal static class ProgramEnvironment
{
    // What a start pays for and a developer's machine does without; the runtime reads both from the environment alone. Pages of code are never
    // writable and executable at once: a hardening, a sixth of the processor time of a start. And code is compiled again, better, as soon as no
    // new code has run for 100 ms, which the pauses of a start are already: 400 ms, in hexadecimal. Several seconds never come under load.
    private static readonly (string Name, string Value)[] s_quickStart = [("DOTNET_EnableWriteXorExecute", "0"), ("DOTNET_TC_CallCountingDelayMs", "190")];

    public static async Task<Dictionary<string, string>> ForAsync(
        IResource resource, string instanceId, IReadOnlyDictionary<string, int> ports, TelemetryTarget? telemetry, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(cancellationToken);
        var variables = context.EnvironmentVariables;
        AddTelemetry(variables, resource.Name, instanceId, telemetry);
        if (resource is ProjectResource)
        {
            variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
            foreach (var (name, value) in s_quickStart)
                variables[name] = Environment.GetEnvironmentVariable(name) ?? value;
        }

        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        foreach (var endpoint in endpoints.Where(e => e.TargetPortEnvironmentVariable is not null))
            variables[endpoint.TargetPortEnvironmentVariable!] = $"{ports[endpoint.Name]}";
        if (resource is ProjectResource && endpoints.Count > 0)
            variables["ASPNETCORE_URLS"] = string.Join(';', endpoints.Where(e => e.IsHttp).Select(e => $"{e.UriScheme}://localhost:{ports[e.Name]}"));
        // Where a redirection leads to: what clients use, not the replica's own.
        if (resource is ProjectResource && endpoints.FirstOrDefault(e => e.UriScheme == "https") is { AllocatedEndpoint: { } secure })
            variables["ASPNETCORE_HTTPS_PORT"] = $"{secure.Port}";

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);

        var resolved = new Dictionary<string, string>();
        foreach (var (name, value) in variables)
        {
            resolved[name] = value switch
            {
                IValueProvider provider => await provider.GetValueAsync(cancellationToken) ?? "",
                _ => value.ToString() ?? "",
            };
        }

        return resolved;
    }

    private static void AddTelemetry(Dictionary<string, object> variables, string name, string instanceId, TelemetryTarget? target)
    {
        variables["OTEL_SERVICE_NAME"] = name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instanceId}";
        if (target is not null)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = target.Endpoint;
            if (target.Protocol is not null)
                variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = target.Protocol;
            if (target.Headers is not null)
                variables["OTEL_EXPORTER_OTLP_HEADERS"] = target.Headers;
        }

        foreach (var signal in (string[])["OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"])
            variables[signal] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }
}
