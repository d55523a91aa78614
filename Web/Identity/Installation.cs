using AspireFeedback.Web.Log.Postgres;

namespace AspireFeedback.Web.Identity;

/// <summary>The random id of this installation, which is that of its database.</summary>
internal sealed class Installation
{
    private Guid? _id;

    public string CookieName => _id is { } id
        ? $"feedback-{id.ToString("N")[..12]}"
        : throw new InvalidOperationException("The installation's id is read when the host starts.");

    public async Task LoadAsync(LogDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id from installation");
        _id = (Guid)(await command.ExecuteScalarAsync(cancellationToken) ?? throw new InvalidOperationException("The table installation is empty."));
    }
}
