using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace AspireFeedback.ServiceDefaults.Http;

/// <summary>Holds the circuit breaker of each host for the life of the process: handlers come and go every few minutes.</summary>
internal sealed class ResiliencePipelines(IOptions<HttpResilienceOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, HostPipelines> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public HostPipelines For(Uri uri) => _hosts.GetOrAdd(uri.GetLeftPart(UriPartial.Authority), _ => Build());

    /// <param name="Repeatable">Retries, a timeout per attempt, and one for all of them.</param>
    /// <param name="Once">One attempt with a timeout: repeating could do it twice.</param>
    /// <param name="Unbounded">One attempt without a timeout: an upload takes as long as it takes.</param>
    public sealed record HostPipelines(
        ResiliencePipeline<HttpResponseMessage> Repeatable,
        ResiliencePipeline<HttpResponseMessage> Once,
        ResiliencePipeline<HttpResponseMessage> Unbounded);

    private HostPipelines Build()
    {
        var settings = options.Value;
        var breaker = New().AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = settings.FailureRatio,
            MinimumThroughput = settings.MinimumThroughput,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = settings.BreakDuration,
            ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome)),
        }).Build();

        var repeatable = New()
            .AddTimeout(settings.TotalTimeout)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = settings.MaxRetries,
                Delay = settings.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                // A server that asks for more patience than there is gets its answer passed on instead.
                ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome) && !(RetryAfter(args.Outcome) > settings.AttemptTimeout)),
                DelayGenerator = args => ValueTask.FromResult(RetryAfter(args.Outcome)),
            })
            .AddPipeline(breaker)
            .AddTimeout(settings.AttemptTimeout)
            .Build();

        var once = New().AddTimeout(settings.TotalTimeout).AddPipeline(breaker).Build();
        return new(repeatable, once, breaker);
    }

    private ResiliencePipelineBuilder<HttpResponseMessage> New() => new() { TimeProvider = time };

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    private TimeSpan? RetryAfter(Outcome<HttpResponseMessage> outcome) => outcome.Result?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };
}
