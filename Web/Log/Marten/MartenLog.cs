using AspireFeedback.Web.Log.Postgres;

namespace AspireFeedback.Web.Log.Marten;

/// <summary>
/// The request log on Marten. Marten writes; what only reads, claims or removes is shared with <see cref="PostgresLog"/>, since views show Marten's
/// tables under the names and columns of that log (<c>Views.sql</c>).
/// </summary>
internal sealed class MartenLog(MartenSubmit submit, MartenCommit commit, PostgresLog shared) : IRequestLog
{
    public Task<IReadOnlyList<SubmitResult>> SubmitAsync(IReadOnlyList<Submission> batch, CancellationToken cancellationToken) =>
        Faults.RunBatchAsync(batch, items => submit.RunAsync(items, cancellationToken), new SubmitResult(SubmitStatus.Refused));

    public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Commit> batch, CancellationToken cancellationToken) =>
        Faults.RunBatchAsync(batch, items => commit.RunAsync(items, cancellationToken), new CommitResult(false, Refused: true));

    public Task<SubmitResult?> FindSubmittedAsync(Submission submission, CancellationToken cancellationToken) =>
        shared.FindSubmittedAsync(submission, cancellationToken);

    public Task<Snapshots> LoadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => shared.LoadAsync(ids, cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid id, int after, int limit, CancellationToken cancellationToken) =>
        shared.ReadStreamAsync(id, after, limit, cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamsAsync(IReadOnlyDictionary<Guid, int> after, int limit, CancellationToken cancellationToken) =>
        shared.ReadStreamsAsync(after, limit, cancellationToken);

    public Task<IReadOnlyList<RequestState>> ListAsync(Guid owner, ListFilter filter, CancellationToken cancellationToken) =>
        shared.ListAsync(owner, filter, cancellationToken);

    public Task<IReadOnlyDictionary<Guid, int>> ReadVersionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        shared.ReadVersionsAsync(ids, cancellationToken);

    public Task<IReadOnlyList<Outgoing>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        shared.ClaimDueAsync(limit, lease, cancellationToken);

    public Task<IReadOnlyList<DueTimer>> ClaimTimersAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        shared.ClaimTimersAsync(limit, lease, cancellationToken);

    public Task<IReadOnlyList<Guid>> FindExpiredAsync(int limit, CancellationToken cancellationToken) => shared.FindExpiredAsync(limit, cancellationToken);

    public Task<IReadOnlyList<SilentRun>> FindSilentAsync(
        IReadOnlyDictionary<string, TimeSpan> leases, TimeSpan otherwise, int limit, CancellationToken cancellationToken) =>
        shared.FindSilentAsync(leases, otherwise, limit, cancellationToken);

    public Task CompleteAsync(IReadOnlyCollection<long> outgoing, CancellationToken cancellationToken) => shared.CompleteAsync(outgoing, cancellationToken);

    public Task RenewLeasesAsync(IReadOnlySet<(Guid RequestId, Guid Run)> runs, CancellationToken cancellationToken) =>
        shared.RenewLeasesAsync(runs, cancellationToken);

    public Task PostponeAsync(IReadOnlyCollection<long> outgoing, TimeSpan delay, CancellationToken cancellationToken) =>
        shared.PostponeAsync(outgoing, delay, cancellationToken);
}
