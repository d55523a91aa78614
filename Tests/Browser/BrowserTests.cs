using AspireFeedback.Tests.EndToEnd;
using Xunit;

namespace AspireFeedback.Tests.Browser;

/// <summary>Tests of the page that share a running system of their own and may disturb it as long as they mend it: one at a time.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<RunningSystem>
{
    public const string Name = "page of a running system";
}
