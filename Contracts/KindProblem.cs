namespace AspireFeedback.Contracts;

/// <summary>
/// A way in which work of a kind can go wrong, beside those of the system itself. Web explains it on a page, at the type of the problems that are made of it. A
/// name, once published, keeps its meaning.
/// </summary>
/// <param name="Name">Lower case, with hyphens; the last part of the type.</param>
/// <param name="Title">A short sentence that is the same for every occurrence.</param>
/// <param name="Description">For people: what happened, and what they can do.</param>
public sealed record KindProblem(string Name, string Title, string Description)
{
    /// <param name="detail">What happened this time.</param>
    public Problem With(string? detail) => Problem.Of(Name, Title, detail);
}
