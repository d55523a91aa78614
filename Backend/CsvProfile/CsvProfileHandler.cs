using System.Globalization;
using AspireFeedback.Backend.Handling;
using AspireFeedback.Contracts;

namespace AspireFeedback.Backend.CsvProfile;

/// <summary>Profiles the columns of a CSV file while it streams in.</summary>
internal sealed class CsvProfileHandler : IRequestHandler<CsvProfileRequest, CsvProfileResult>
{
    public async Task<CsvProfileResult> HandleAsync(CsvProfileRequest request, HandlerContext context, CancellationToken cancellationToken)
    {
        await using var file = await context.OpenFileAsync(request.File, cancellationToken);
        context.Report(0, $"Reading {Size(file.Length)}");
        try
        {
            return await CsvProfiler.ProfileAsync(file.Content, request.Separator, Tell, cancellationToken);
        }
        catch (CsvRefusedException exception)
        {
            throw new ProblemException(KindProblems.CsvRefused.With(exception.Message), permanent: true, exception);
        }

        void Tell(long read) => context.Report(file.Length == 0 ? 100 : 100.0 * read / file.Length, $"{Size(read)} of {Size(file.Length)} read");
    }

    private static string Size(long bytes)
    {
        var (value, unit) = bytes switch
        {
            < 1_000 => (bytes, "bytes"),
            < 1_000_000 => (bytes / 1e3, "kB"),
            < 1_000_000_000 => (bytes / 1e6, "MB"),
            _ => (bytes / 1e9, "GB"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {unit}");
    }
}
