namespace AspireFeedback.Web.Log.Postgres;

/// <summary>The request log on PostgreSQL, statement by statement.</summary>
internal sealed class PostgresLog(SubmitStatement submit, CommitStatement commit, OutboxStatements outbox, ReadStatements read) : IRequestLog
{
    public Task<IReadOnlyList<SubmitResult>> SubmitAsync(IReadOnlyList<Submission> batch, CancellationToken cancellationToken) =>
        Faults.RunBatchAsync(batch, items => submit.RunAsync(items, cancellationToken), new SubmitResult(SubmitStatus.Refused));

    public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Commit> batch, CancellationToken cancellationToken) =>
        Faults.RunBatchAsync(batch, items => commit.RunAsync(items, cancellationToken), new CommitResult(false, Refused: true));

    public Task<SubmitResult?> FindSubmittedAsync(Submission submission, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => submit.FindAsync(submission, cancellationToken));

    public Task<Snapshots> LoadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => read.LoadAsync(ids, cancellationToken));

    public async Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid id, int after, int limit, CancellationToken cancellationToken) =>
        await Faults.RunAsync(() => read.ReadStreamAsync(id, after, limit, cancellationToken));

    public async Task<IReadOnlyList<StoredEvent>> ReadStreamsAsync(IReadOnlyDictionary<Guid, int> after, int limit, CancellationToken cancellationToken) =>
        await Faults.RunAsync(() => read.ReadStreamsAsync(after, limit, cancellationToken));

    public async Task<IReadOnlyList<RequestState>> ListAsync(Guid owner, ListFilter filter, CancellationToken cancellationToken) =>
        await Faults.RunAsync(() => read.ListAsync(owner, filter, cancellationToken));

    public async Task<IReadOnlyDictionary<Guid, int>> ReadVersionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        await Faults.RunAsync(() => read.ReadVersionsAsync(ids, cancellationToken));

    public Task<IReadOnlyList<Outgoing>> ClaimDueAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => outbox.ClaimAsync(limit, lease, cancellationToken));

    public Task<IReadOnlyList<DueTimer>> ClaimTimersAsync(int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => outbox.ClaimTimersAsync(limit, lease, cancellationToken));

    public async Task<IReadOnlyList<Guid>> FindExpiredAsync(int limit, CancellationToken cancellationToken) =>
        await Faults.RunAsync(() => read.FindExpiredAsync(limit, cancellationToken));

    public async Task<IReadOnlyList<SilentRun>> FindSilentAsync(
        IReadOnlyDictionary<string, TimeSpan> leases, TimeSpan otherwise, int limit, CancellationToken cancellationToken) =>
        await Faults.RunAsync(() => read.FindSilentAsync(leases, otherwise, limit, cancellationToken));

    public Task CompleteAsync(IReadOnlyCollection<long> outgoing, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => Done(outbox.CompleteAsync(outgoing, cancellationToken)));

    public Task PostponeAsync(IReadOnlyCollection<long> outgoing, TimeSpan delay, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => Done(outbox.PostponeAsync(outgoing, delay, cancellationToken)));

    public Task RenewLeasesAsync(IReadOnlySet<(Guid RequestId, Guid Run)> runs, CancellationToken cancellationToken) =>
        Faults.RunAsync(() => Done(commit.RenewLeasesAsync(runs, cancellationToken)));

    private static async Task<bool> Done(Task statement)
    {
        await statement;
        return true;
    }
}
