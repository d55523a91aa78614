using System.Security.Claims;
using AspireFeedback.Contracts;
using AspireFeedback.Web.Identity;
using Microsoft.AspNetCore.Authentication;
using Npgsql;

namespace AspireFeedback.Web;

/// <summary>What an application decides when it takes Web's part of the system into itself. Limits and times are configuration instead; <c>docs/configuration.md</c> lists them.</summary>
public sealed class RequestFeedbackOptions
{
    internal RequestFeedbackOptions()
    {
    }

    /// <summary>What may be asked for, by name. At least one.</summary>
    public IList<Kind> Kinds { get; } = [];

    /// <summary>Name of the connection string of the PostgreSQL database that holds the log.</summary>
    public string DatabaseConnectionName { get; set; } = "feedback";

    /// <summary>
    /// Schema for the log's tables, made at the first start if it is not there; lower case letters, digits and underscores. <c>null</c> leaves it to
    /// the database (mostly <c>public</c>).
    /// </summary>
    public string? DatabaseSchema { get; set; }

    /// <summary>For what a connection string cannot say: passwords that expire, client certificates.</summary>
    public Action<NpgsqlDataSourceBuilder>? ConfigureDatabase { get; set; }

    /// <summary>Name of the connection string of RabbitMQ. One installation a virtual host.</summary>
    public string BrokerConnectionName { get; set; } = "messaging";

    /// <summary>
    /// Name of the connection string of Redis. <c>null</c>, or a name without a connection string: no backplane, which is right for one instance;
    /// with several, whoever is connected to another one learns of a change within ten seconds.
    /// </summary>
    public string? RedisConnectionName { get; set; } = "redis";

    /// <summary>
    /// Stands before every route but <c>/problems</c>, which is a part of the names of problems: <c>/work</c> makes <c>/work/requests</c>. The files
    /// URL of the configuration is completed by it.
    /// </summary>
    public string RoutePrefix { get; set; } = "";

    /// <summary>Whether <c>GET /me</c> gives somebody unknown a guest's identity. Without effect after <see cref="IdentifyBy"/>.</summary>
    public bool Guests { get; set; } = true;

    /// <summary>Identity providers beside guests and users of this installation; <c>docs/sign-in.md</c> shows one. Without effect after <see cref="IdentifyBy"/>.</summary>
    public Action<AuthenticationBuilder>? IdentityProviders { get; set; }

    /// <summary>
    /// Whether the application is feedback's own: then problem details, JSON rules and the refusal of foreign origins hold for all of its addresses and
    /// not for feedback's alone, and <see cref="RequestFeedback.MapRequestFeedback"/> stands before every other middleware.
    /// </summary>
    public bool WholeApplication { get; set; }

    /// <summary>Whether the page in this project's <c>wwwroot</c> is served at <c>/</c>.</summary>
    public bool Page { get; set; }

    internal HostIdentity? HostIdentity { get; private set; }

    /// <summary>
    /// People are identified by the application's own authentication: whoever it says that the caller is, is the owner. There are then no guests,
    /// sign-ups, tokens and pairing codes of feedback's own.
    /// </summary>
    /// <param name="userId">What identifies a user for ever, the claim <c>sub</c> for example. <c>null</c>: nobody.</param>
    /// <param name="isAdmin">Who sees every owner's requests; nobody when absent.</param>
    /// <param name="scheme">The authentication scheme to ask; the application's default when absent.</param>
    public void IdentifyBy(Func<ClaimsPrincipal, string?> userId, Func<ClaimsPrincipal, bool>? isAdmin = null, string? scheme = null)
    {
        ArgumentNullException.ThrowIfNull(userId);
        HostIdentity = new(userId, isAdmin ?? (_ => false), scheme);
    }

    internal RequestFeedbackOptions Checked()
    {
        if (Kinds.Count == 0)
            throw new InvalidOperationException("AddRequestFeedback: there is nothing to ask for; add to Kinds.");
        if (Kinds.GroupBy(kind => kind.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidOperationException($"AddRequestFeedback: the kind '{twice.Key}' is there twice.");
        var problems = ProblemCatalog.All.Select(type => type.Name).Concat(Kinds.SelectMany(kind => kind.Problems).Distinct().Select(problem => problem.Name));
        if (problems.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } ambiguous)
            throw new InvalidOperationException($"AddRequestFeedback: the problem '{ambiguous.Key}' would have two meanings; a kind has to name its own otherwise.");
        if (RoutePrefix is not "" && (RoutePrefix is not ['/', .., not '/'] || RoutePrefix.Any(c => c is '{' or '}' or '?' or '#')))
            throw new InvalidOperationException($"AddRequestFeedback: RoutePrefix is '{RoutePrefix}'; it begins with a slash, does not end with one, and has no parameters.");
        if (WholeApplication && HostIdentity is not null)
            throw new InvalidOperationException("AddRequestFeedback: an application with its own authentication is not feedback's own; leave WholeApplication out.");
        return this;
    }
}
