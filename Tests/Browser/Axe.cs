using System.Text.Json;
using Microsoft.Playwright;
using Shouldly;

namespace AspireFeedback.Tests.Browser;

/// <summary>axe-core in the page: what it finds against WCAG 2.2 AA.</summary>
internal static class Axe
{
    /// <summary>Brought in by the browser itself, past the content security policy of the page.</summary>
    public static Task AddAxeAsync(this Visitor visitor) =>
        visitor.Context.AddInitScriptAsync(scriptPath: PageReplica.InRepository("node_modules", "axe-core", "axe.min.js"));

    public static async Task ShouldBeAccessibleAsync(this IPage page, string view)
    {
        var found = await page.EvaluateAsync<JsonElement>(
            """
            async () => {
              const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
              const { violations, passes } = await axe.run({ runOnly, resultTypes: ["violations"] });
              const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`));
              return { found, passed: passes.length };
            }
            """);
        found.GetProperty("found").EnumerateArray().Select(line => line.GetString()).ShouldBeEmpty($"axe on the view '{view}'");
        found.GetProperty("passed").GetInt32().ShouldBeGreaterThan(10, "axe has looked at something");
    }
}
