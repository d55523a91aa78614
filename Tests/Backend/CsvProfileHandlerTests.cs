using AspireFeedback.Backend.CsvProfile;
using AspireFeedback.Backend.Handling;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Backend;

public sealed class CsvProfileHandlerTests
{
    private readonly RecordingContext _context = new();

    [Fact]
    public async Task It_profiles_the_file_and_tells_in_words_how_far_it_is()
    {
        var file = _context.AddFile("city,people\n" + string.Concat(Enumerable.Repeat("Zürich,447000\n", 200_000)));
        var result = await new CsvProfileHandler().HandleAsync(new(file), _context, TestContext.Current.CancellationToken);

        result.Rows.ShouldBe(200_000);
        result.Columns.Select(x => x.Name).ShouldBe(["city", "people"]);
        _context.Reports[0].ShouldBe((0, "Reading 3 MB"));
        _context.Reports[^1].ShouldBe((100, "3 MB of 3 MB read"));
        _context.Reports.Count.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task It_refuses_for_good_what_is_no_csv_and_says_why()
    {
        var file = _context.AddFile([0x50, 0x4B, 0x03, 0x04, 0, 0, 0, 0]); // a zip archive
        var problem = await new CsvProfileHandler().HandleAsync(new(file), _context, TestContext.Current.CancellationToken).ShouldThrowAsync<ProblemException>();

        (problem.Problem.Type, problem.Permanent).ShouldBe(("/problems/csv-refused", true));
        problem.Problem.Detail.ShouldNotBeNullOrEmpty();
    }
}
